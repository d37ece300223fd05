const plugins = [
  [C, /* mine */ { prefix: '/c' }],
]
