import a from 'a'
import u from './u.ts'
function f(u: number) {
  return u
}
