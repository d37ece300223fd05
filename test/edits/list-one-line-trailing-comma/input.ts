const plugins = [A, B,]
