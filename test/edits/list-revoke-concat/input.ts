const plugins = base.concat([A, C])
