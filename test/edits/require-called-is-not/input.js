const x = require('./u')(app)
