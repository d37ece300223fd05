const plugins = [
  A,
  [
    C,
    {
      x: 1,
    },
  ],
  D,
];
