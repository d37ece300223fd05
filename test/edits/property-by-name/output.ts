const services = { a1: 1, 'a-b': 1, c: 1, d: 1 }
