import u from './u.ts'

;[1].map(f)
