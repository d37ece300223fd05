const plugins = [
  A,
  B
]
