import { a, c, x } from './u.ts'
