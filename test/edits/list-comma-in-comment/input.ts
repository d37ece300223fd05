const plugins = [
  A // x, y
]
