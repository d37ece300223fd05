const plugins = [
    A
  , E
]
