const plugins = [C('a')]
