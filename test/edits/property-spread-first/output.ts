const services = { ...base, a: 1, c: 1 }
