import './setup.ts'
// about z
import z from './z.ts'
