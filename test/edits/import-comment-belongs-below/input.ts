import a from 'a'
// about z
import z from './z.ts'
