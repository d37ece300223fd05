const v = require('./u').u
