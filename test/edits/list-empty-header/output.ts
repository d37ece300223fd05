const plugins = [
  // The order counts.

  C,
]
