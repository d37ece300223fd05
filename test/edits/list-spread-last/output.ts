const plugins = [A, ...rest, C]
