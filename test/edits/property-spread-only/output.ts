const services = { c: 1, ...rest }
