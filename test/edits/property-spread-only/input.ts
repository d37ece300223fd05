const services = { ...rest }
