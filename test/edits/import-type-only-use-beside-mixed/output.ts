import type { T } from './u.js'
import { type S, a } from './u.js'
