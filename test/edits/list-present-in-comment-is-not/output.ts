const plugins = [A, /* C */ B, C] // C
