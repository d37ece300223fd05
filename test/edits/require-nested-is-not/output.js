const u = require('./u.js')

function f() {
  const u = require('./u')
}
