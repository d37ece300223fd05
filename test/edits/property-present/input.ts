const services = { c: 2 }
