import a from 'a'
import u from './u.ts'

export const x = <a>u</a>
