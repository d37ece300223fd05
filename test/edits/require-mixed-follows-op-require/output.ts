import a from 'a'
const b = require('b')
const u = require('./u.js')
