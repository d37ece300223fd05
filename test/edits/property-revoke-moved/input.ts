const services = { c, a }
