export const plugins = [
  A,
  B,
  C,
]
