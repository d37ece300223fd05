const plugins = [
  // about D
  D,
  E,
]
