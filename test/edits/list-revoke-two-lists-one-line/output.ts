const plugins = [], others = [A]
