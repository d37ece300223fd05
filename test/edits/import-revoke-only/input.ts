import u from './u.ts'

foo()
