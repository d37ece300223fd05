const plugins = [ /* none */ C ]
