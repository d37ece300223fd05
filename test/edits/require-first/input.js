const v = require('./v')
foo()
