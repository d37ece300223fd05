import { type u } from './u.js'
