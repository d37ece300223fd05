const plugins = [
    A
  , C
  , E
]
