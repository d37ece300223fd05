import x = NS.u
import u from './u.js'
