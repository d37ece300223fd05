const plugins = [
  A,
  B,
  C,
] as const
