const plugins = [ A, B ]
