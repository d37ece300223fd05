import { a } from './a.js'

export const x: S = a
