import a from 'a'
import u from './u.ts'
// about z
import z from './z.ts'
