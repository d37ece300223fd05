const plugins = [
    A
  , /* d */ D
]
