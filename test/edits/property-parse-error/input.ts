const services = { a: }
