const plugins = [
  A,
  B /* b */,
  C
]
