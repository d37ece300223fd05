const plugins = [
  // The order counts.

  C,
  // about D
  D,
]
