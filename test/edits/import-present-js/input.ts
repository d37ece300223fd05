import u from './u.js'
