const plugins = [A, B];
