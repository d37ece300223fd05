const u = require('./u')
