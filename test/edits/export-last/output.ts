export * from './a.ts'
export * from './u.ts'
