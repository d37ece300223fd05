import {
  a,
  u, // mine
  z,
} from './u.ts'
