const u = require('./other')
