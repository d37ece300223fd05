const services = makeServices({ a: 1 })
