import u from 'u'
import x from 'u.js'
