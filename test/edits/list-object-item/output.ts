const plugins = [
  { plugin: A },
  {
    plugin: C,
    prefix: '/c',
  },
]
