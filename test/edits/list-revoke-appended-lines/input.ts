const plugins = [
  A,
  C,
  D
]
