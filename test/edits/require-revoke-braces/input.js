const { a, u, z } = require('./u')
