const plugins = [D, E]
