'use strict'

const u = require('./u.js')

foo()
