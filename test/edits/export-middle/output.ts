export * from './a.ts'
export * from './u.ts'
export * from './z.ts'
