'use strict'

const a = require('a')
const b = require('./b')

foo()
