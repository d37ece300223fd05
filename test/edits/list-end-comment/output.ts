const plugins = [
  A,
  B, // last
  C,
  // end of list
]
