const services = { 'a': a, 'c': c }
