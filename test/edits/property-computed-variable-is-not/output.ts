const services = { [c]: 2, c: 1 }
