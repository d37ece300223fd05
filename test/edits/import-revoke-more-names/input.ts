import u, { x } from './u.ts'
x()
