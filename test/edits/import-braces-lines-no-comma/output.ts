import {
  a,
  b,
  c
} from './u.ts'
