const services = { a, ...rest }
