const plugins = [
  // The order counts.

  // about D
  D,
]
