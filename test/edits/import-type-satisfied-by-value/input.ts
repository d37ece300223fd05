import { T } from './u.js'
