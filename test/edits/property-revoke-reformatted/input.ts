const services = { a: 1, "c": 'x' }
