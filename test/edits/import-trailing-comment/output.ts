import b from 'b' // keep
import u from './u.ts'
