import a from 'a'
import u from './u.ts'

declare module 'x' {
  import u from 'u'
}
