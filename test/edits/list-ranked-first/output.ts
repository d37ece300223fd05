const plugins = [
  C,
  // about D
  D,
  E,
]
