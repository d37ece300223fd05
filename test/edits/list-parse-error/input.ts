const plugins = [A, B
