const plugins = [
    C
  , B
]
