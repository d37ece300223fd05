const plugins = [ /* none */ ]
