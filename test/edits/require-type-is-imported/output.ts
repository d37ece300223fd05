import type { T } from './u.js'

const b = require('b')
