import type { T } from './u.ts'
