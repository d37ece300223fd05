const plugins = [A, ...rest]
