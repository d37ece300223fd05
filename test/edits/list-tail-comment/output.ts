const plugins = [
  A,
  C,
  /* tail */ ];
