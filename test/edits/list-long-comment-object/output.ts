const plugins = [A /* a,
 b */, [C, {
  x: 1,
}]]
