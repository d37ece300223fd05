const plugins = [A /* a */]
foo(1 /* b */, 2)
