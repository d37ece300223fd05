const services = { a: { c: 1 }, c: 1 }
