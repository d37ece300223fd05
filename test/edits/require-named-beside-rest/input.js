const { k, ...rest } = require('./u')
