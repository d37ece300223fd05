const plugins = [A]
