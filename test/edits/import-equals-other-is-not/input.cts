import x = require('./v')
