const plugins = [A, D]
