import { type u as U, u } from './u.js'
