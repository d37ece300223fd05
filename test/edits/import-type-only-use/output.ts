import { a } from './a.js'
import type { T } from './u.js'

export const x: S = a
