import { c } from './u.ts'
