export * as u from './u.ts'
