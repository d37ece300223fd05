const plugins = [/* none */ C]
