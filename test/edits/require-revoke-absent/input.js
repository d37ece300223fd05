const x = require('./x')
