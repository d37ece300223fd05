const plugins = [
    A
  , /* mine */ C
]
