const services = { a: 1, c: 1 }
