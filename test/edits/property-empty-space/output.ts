const services = {  c: 1 }
