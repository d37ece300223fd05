export const t = `
<<<<<<< a
=======
>>>>>>> b
`
