const plugins = [A, a9, a10, D]
