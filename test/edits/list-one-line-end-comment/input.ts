const plugins = [A, /* end */]
