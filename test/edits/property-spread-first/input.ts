const services = { ...base, a: 1 }
