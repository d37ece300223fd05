import v from './u.ts'

v()
