const plugins = [A, [C, { prefix: '/custom' }]]
