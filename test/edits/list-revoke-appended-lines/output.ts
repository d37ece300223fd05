const plugins = [
  A,
  D
]
