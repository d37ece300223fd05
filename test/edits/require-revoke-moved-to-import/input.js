import u from './u.js'

foo()
