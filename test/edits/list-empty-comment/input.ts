const plugins = [
  // none yet
]
