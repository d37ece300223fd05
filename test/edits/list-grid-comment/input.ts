const plugins = [
  A, B, /* b */
]
