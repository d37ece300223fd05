const plugins = base.concat([A])
