const plugins = [...base, C, D]
