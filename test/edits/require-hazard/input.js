const a = require('a')
;[1].map(f)
