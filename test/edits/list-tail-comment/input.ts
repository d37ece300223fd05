const plugins = [
  A,
  /* tail */ ];
