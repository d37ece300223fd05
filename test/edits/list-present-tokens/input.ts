const plugins = [
  A,
  { plugin: C, /* c */ prefix: "/c", },
]
