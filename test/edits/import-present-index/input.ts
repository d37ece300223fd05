import u from './u/index.ts'
