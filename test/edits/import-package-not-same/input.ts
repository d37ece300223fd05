import x from 'u.js'
