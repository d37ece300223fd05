import A from 'a'
import B from './b.ts'
const plugins = [
  A,
  B,
]
