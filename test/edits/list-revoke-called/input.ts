const plugins = [A, C()]
