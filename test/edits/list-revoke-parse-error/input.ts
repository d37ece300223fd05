const plugins = [A, C
