import u from './u.ts'

foo()
bar(u)
