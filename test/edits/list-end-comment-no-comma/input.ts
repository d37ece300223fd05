const plugins = [
  A,
  B // last
  // end of list
]
