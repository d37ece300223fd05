export default { a: 1, c: 1 }
