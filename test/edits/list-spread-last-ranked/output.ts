const plugins = [A, C, ...rest]
