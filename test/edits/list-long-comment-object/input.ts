const plugins = [A /* a,
 b */]
