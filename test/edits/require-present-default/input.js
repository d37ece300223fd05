const x = require('./u').default
