import a from 'a'
import u from './u.js'
const b = require('b')
