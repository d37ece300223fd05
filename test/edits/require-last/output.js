'use strict'

const a = require('a')
const b = require('./b')
const u = require('./u.js')

foo()
