import * as u from './u.ts'
