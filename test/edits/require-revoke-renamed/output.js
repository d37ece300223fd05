const a = require('a')
