import a from 'a'

declare module 'x' {
  import u from 'u'
}
