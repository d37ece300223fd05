/*! MIT */
import u from './u.ts'

foo()
