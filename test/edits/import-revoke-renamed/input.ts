import v from './u.ts'

foo()
