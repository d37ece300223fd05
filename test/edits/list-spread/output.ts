const plugins = [...base, A, C]
