import type { T } from './t.js'
const a = require('a')
