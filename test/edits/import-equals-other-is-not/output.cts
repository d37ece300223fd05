import x = require('./v')
import u from './u.js'
