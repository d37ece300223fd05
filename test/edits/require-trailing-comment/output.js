const a = require('a') // a
const u = require('./u.js')
foo()
