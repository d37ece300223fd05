import fs = require('fs')
foo()
