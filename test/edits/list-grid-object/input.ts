const plugins = [
  A, B,
]
