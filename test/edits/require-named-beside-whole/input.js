const all = require('./u')
