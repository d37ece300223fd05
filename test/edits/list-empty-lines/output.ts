const plugins = [
  C,
]
