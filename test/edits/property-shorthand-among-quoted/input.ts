const services = { 'a': a }
