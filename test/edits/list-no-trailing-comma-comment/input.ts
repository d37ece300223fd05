const plugins = [
  A,
  B // last
]
