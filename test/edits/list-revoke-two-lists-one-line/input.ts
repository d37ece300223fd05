const plugins = [C], others = [A]
