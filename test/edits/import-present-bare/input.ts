import u from './u'
