const plugins = [
    C
  , /* d */ D
]
