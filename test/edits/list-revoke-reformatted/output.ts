const plugins = [
  A,
  B,
] as const
