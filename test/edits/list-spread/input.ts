const plugins = [...base, A]
