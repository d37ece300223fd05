const u = require('./u.js')
const v = require('./v')
foo()
