import u from './u.ts'

export const t = `
<<<<<<< a
=======
>>>>>>> b
`
