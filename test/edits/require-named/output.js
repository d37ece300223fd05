const a = require('a')
const { u } = require('./u.js')
