const services = { async c() {} }
