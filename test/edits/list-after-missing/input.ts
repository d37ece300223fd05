const plugins = [A, [B]]
