let plugins: Plugin[]
plugins = [A, C]
