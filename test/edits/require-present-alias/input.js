const x = require('./u/index')
