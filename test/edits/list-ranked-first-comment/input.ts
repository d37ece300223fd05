const plugins = [/* d */ D, E]
