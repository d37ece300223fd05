const services = { }
