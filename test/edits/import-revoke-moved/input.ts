import u from './u'
import a from 'a'
