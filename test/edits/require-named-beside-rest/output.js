const { k, ...rest } = require('./u')
const { u } = require('./u.js')
