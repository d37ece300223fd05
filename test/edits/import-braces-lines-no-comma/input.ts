import {
  a,
  b
} from './u.ts'
