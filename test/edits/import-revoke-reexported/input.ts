import u from './u.ts'

export { u }
