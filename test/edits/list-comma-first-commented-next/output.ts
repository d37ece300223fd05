const plugins = [
    A
  , C
  , /* d */ D
]
