const { u, ...rest } = require('./u')
