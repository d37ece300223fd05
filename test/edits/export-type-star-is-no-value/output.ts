export type * from './u.ts'
export * from './u.ts'
