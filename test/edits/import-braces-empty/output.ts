import {} from './u.ts'
import { c } from './u.ts'
