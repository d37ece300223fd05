const services = { a, b }
