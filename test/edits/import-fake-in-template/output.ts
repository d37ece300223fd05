import u from './u.ts'

const t = `
import u from './u.ts'
`
