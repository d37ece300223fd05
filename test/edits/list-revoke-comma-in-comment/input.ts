const plugins = [
  A, // x, y
  C
  // a, b
]
