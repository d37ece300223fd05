const plugins = [
  A /* a, b */, // x, y
  C,
]
