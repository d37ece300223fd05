const {
  k,
} = require('./u')
