const plugins = [A, CC]
