const plugins = [
  A,
  B, // last
  C
]
