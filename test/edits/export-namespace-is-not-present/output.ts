export * as u from './u.ts'
export * from './u.ts'
