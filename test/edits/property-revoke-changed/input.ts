const services = { a, c: d }
