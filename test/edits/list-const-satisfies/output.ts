const plugins = [
  A,
  C,
] as const satisfies Plugin[]
