const a = require('a')
const u = require('./u.js')
;[1].map(f)
