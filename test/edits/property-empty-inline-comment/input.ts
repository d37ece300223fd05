const services = { /* none */ }
