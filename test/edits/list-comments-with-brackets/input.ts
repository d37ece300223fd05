const plugins = [
  A, // ], [
  B /* ] */ // [
]
