const plugins = [
  A, B /* b,
  c */
]
