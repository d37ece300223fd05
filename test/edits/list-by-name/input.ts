const plugins = [A, a10, D]
