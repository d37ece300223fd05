const plugins = [
  A, B,
  D, E
]
