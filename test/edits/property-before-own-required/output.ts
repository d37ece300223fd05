const a = require('a')
const b = require('./b')

const services = { a, c, b }
