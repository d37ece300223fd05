import { a, u, z } from './u.ts'
