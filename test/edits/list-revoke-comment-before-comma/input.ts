const plugins = [A, C /* mine */, B]
