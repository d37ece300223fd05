const a = require('a')
const u = 1
