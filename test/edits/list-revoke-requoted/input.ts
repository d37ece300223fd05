const plugins = [
  A,
  [
    C,
    { prefix: "/c" },
  ],
]
