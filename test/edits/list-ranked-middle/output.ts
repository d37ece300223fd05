const plugins = [
  A,
  X,
  B, // b
  C,

  // about D
  D,
]
