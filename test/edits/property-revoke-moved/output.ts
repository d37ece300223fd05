const services = { a }
