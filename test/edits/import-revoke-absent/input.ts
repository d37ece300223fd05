// import u from './u.ts'
foo(`import u from './u.ts'`)
