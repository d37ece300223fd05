const a = require('a') // a
foo()
