const plugins = [ ]
