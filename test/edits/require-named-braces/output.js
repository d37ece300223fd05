const { k, u, w } = require('./u')
