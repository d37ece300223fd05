const plugins = [
<<<<<<< ours
  A,
=======
  B,
>>>>>>> theirs
  C,
]
