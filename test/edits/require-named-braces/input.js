const { k, w } = require('./u')
