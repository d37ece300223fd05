const plugins = [
]
