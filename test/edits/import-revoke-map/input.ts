import a from 'a'
import u from '@/u'
