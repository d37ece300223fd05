import u from './u.js'

export const a = 1
