const plugins = [
  A, /* one
  two */
]
