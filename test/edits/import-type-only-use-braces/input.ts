import type { S } from './u.js'
