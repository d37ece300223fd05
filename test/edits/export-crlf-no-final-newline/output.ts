export * from './a.ts'
export * from './b.ts'
export * from './u.ts'