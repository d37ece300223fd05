let plugins: Plugin[]
plugins = [A]
