const plugins = [
  A,
  [B, { x: 1 }],
  C,
  D,
]
