const u = require('./u.js')

exports.a = 1
