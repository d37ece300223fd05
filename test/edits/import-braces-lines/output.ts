import {
  a,
  x,
  y,
} from './u.ts'
