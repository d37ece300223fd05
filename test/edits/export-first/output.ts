export * from './u.ts'
export * from './z.ts'
