const plugins = [
  A // x, y
  // a, b
]
