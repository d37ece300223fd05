const plugins = [ // none
]
