function f() {
  const u = require('./u')
}
