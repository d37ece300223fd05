const plugins = [
    A
  , B, D
]
