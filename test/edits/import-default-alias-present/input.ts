import v from './u'
