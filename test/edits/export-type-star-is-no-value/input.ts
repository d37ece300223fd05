export type * from './u.ts'
