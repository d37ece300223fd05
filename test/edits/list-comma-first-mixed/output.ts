const plugins = [
    A
  , B, D
  , C
]
