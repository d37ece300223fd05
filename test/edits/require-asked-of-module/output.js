import a from 'a'
import u from './u.js'

export default a
