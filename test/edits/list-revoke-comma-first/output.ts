const plugins = [
    A
  , B
]
