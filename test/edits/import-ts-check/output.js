// @ts-check
import u from './u.ts'

foo()
