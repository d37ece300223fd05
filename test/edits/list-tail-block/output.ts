const plugins = [
  A, /* one
  two */
  C,
]
