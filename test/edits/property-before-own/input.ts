import a from 'a'
import b from '../b.js'
const services = { a, x: b }
