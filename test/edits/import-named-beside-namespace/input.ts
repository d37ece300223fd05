import * as all from './u.ts'
