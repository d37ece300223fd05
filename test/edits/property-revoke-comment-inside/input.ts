const services = { a, c: /* mine */ 1 }
