const services = { a, c, ...rest }
