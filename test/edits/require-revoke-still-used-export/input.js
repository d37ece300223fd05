const u = require('./u')

module.exports = { u }
