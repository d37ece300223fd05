const plugins = [
    /* d */ D
]
