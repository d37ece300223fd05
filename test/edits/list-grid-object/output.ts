const plugins = [
  A, B, [C, {
    x: 1,
  }],
]
