import x = require('./u')
foo()
