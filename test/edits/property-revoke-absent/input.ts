const services = { a }
const other = { c }
