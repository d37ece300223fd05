import './setup.ts'
import u from './u.ts'
