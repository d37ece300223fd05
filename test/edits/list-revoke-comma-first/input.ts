const plugins = [
    A
  , C
  , B
]
