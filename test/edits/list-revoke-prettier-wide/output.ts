const plugins = [
  A,
  D,
];
