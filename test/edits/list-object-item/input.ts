const plugins = [
  { plugin: A },
]
