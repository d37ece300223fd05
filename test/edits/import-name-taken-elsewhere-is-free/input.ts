import a from 'a'
function f(u: number) {
  return u
}
