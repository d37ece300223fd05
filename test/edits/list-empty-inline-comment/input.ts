const plugins = [/* none */]
