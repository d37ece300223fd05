import { a, z } from './u.ts'
