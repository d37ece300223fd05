import * as all from './u.ts'
import { c } from './u.ts'
