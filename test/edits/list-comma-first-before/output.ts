const plugins = [
    C
  , D
  , E
]
