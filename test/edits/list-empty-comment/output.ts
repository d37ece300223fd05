const plugins = [
  // none yet
  C,
]
