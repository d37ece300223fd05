const services = { c, a, c }
