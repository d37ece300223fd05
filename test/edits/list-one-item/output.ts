const plugins = [A, C]
