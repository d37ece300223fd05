const {
  k,
  u,
} = require('./u')
