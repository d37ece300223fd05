export * from './u.ts'
