import {
  a,
  x,
} from './u.ts'
