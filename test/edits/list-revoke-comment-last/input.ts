const plugins = [A, C /* mine */]
