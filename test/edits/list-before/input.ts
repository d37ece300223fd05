const plugins = [
  A,

  // about D
  D,
]
