const plugins = [A /* a */, C]
foo(1 /* b */, 2)
