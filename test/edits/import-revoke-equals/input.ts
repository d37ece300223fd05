import u = require('./u.js')
