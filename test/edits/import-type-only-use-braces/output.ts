import type { S, T } from './u.js'
