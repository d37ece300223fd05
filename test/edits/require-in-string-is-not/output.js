const u = require("./u.js")

foo("const u = require('./u')")
// const u = require('./u')
