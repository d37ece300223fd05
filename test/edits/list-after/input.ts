const plugins = [
  A,
  [B, { x: 1 }],
  D,
]
