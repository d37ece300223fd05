const plugins = [C]
