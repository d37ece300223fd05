const plugins = [
  A, B,
  C,
  D, E
]
