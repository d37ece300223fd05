const plugins = [
  C,
  A,
]
