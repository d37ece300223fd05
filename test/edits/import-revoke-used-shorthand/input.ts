import u from './u.ts'

export const x = { u }
