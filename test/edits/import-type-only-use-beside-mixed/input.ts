import { type S, a } from './u.js'
