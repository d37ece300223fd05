const t = `
import u from './u.ts'
`
