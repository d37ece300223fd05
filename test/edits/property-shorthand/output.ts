const services = { a, b, c }
