const plugins = [
  A,
  X,
  B, // b

  // about D
  D,
]
