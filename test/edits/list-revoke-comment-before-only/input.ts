const plugins = [
  /* mine */ C,
  // none
]
