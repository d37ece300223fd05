// Nothing yet.
import u from './u.ts'
