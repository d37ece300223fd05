const { a, z } = require('./u')
