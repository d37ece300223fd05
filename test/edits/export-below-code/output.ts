export const a = 1
export * from './u.ts'
