import u from './other.ts'
