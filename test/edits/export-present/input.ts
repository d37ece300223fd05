export * from './u'
