import u from './u.ts'
