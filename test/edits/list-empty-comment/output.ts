const plugins = [
  C,
  // none yet
]
