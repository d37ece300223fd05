const plugins = [
  A,

  C,
  // about D
  D,
]
