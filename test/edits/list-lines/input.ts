export const plugins = [
  A,
  B,
]
