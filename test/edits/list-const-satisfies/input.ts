const plugins = [
  A,
] as const satisfies Plugin[]
