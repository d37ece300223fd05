let plugins = [A]
if (dev) plugins = [A, B]
