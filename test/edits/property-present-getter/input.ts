const services = { get c() { return 1 } }
