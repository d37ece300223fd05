const plugins = [
  A,
  // about what follows
]
