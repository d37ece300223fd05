const u = require('./u.js')
