const a = 1
const plugins = [
  A,
  B,
]
