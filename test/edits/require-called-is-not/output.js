const x = require('./u')(app)
const u = require('./u.js')
