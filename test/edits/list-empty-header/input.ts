const plugins = [
  // The order counts.

]
