const u = require('./u.js')

foo()
