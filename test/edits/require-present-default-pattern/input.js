const { default: x } = require('./u')
