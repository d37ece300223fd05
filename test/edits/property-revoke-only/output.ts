const services = {}
