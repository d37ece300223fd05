foo("const u = require('./u')")
// const u = require('./u')
