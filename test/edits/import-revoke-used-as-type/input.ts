import u from './u.ts'

export type X = typeof u
