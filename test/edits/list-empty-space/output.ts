const plugins = [ C ]
