const plugins = [
  A, // ], [
  B /* ] */, // [
  C
]
