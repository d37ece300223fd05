const u = require('./u.js')

const x = require(path)
const y = require(`./u${n}`)
