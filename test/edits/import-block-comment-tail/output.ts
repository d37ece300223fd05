import a from 'a' /* one
 two */
import u from './u.ts'
foo()
