import u from 'src/u.js'
