import { type u as U } from './u.js'
