const plugins = [C, /* d */ D, E]
