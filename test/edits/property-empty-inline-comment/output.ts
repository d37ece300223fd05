const services = { /* none */ c: 1 }
