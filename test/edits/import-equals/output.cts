import fs = require('fs')
import u from './u.ts'
foo()
