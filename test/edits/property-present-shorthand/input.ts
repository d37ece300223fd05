const services = { c }
