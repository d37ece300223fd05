const plugins = [A, C, /* end */]
