const all = require('./u')
const { u } = require('./u.js')
