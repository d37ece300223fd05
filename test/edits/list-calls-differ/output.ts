const plugins = [C('a'), C('b')]
