const plugins = [
    B
]
