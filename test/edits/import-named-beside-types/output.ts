import type { T } from './u.ts'
import { c } from './u.ts'
