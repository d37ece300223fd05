const plugins = [A,B];
