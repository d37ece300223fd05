const plugins = [
  A,
  B
]
