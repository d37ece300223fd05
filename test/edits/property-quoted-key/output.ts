const services = { a: 1, 'content-type': 1 }
