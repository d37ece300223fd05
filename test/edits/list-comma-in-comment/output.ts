const plugins = [
  A, // x, y
  C
]
