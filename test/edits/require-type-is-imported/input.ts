const b = require('b')
