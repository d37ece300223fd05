const plugins = []
