const plugins = [A, , B]
