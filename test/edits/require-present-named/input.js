const { u: v } = require('./u')
