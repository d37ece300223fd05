const plugins = [
  A,
]
