const plugins = [A, B]
