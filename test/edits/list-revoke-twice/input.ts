const plugins = [
  C,
  A,
  C,
]
