import A from 'a'
const plugins = [
  A,
  C,
]
