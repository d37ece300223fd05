const u = require('./u') // mine
