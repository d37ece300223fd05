import u from './u.ts'

export const x = { u: a.u }
export const f = (u: number) => u
// u
export const s = `u`
