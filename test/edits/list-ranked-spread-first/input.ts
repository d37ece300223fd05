const plugins = [...base, D]
