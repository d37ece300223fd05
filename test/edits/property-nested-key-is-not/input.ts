const services = { a: { c: 1 } }
