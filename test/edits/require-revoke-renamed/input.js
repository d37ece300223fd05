const a = require('a')
const v = require('./u')
