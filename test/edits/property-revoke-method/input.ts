const services = { a, c() {} }
