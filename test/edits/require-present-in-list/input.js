const a = require('a'),
  u = require('./u')
