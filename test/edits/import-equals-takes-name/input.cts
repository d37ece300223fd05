import u = require('u')
