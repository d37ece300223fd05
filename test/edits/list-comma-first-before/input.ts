const plugins = [
    D
  , E
]
