const plugins = [ // none
  C,
]
