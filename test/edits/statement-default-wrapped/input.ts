export default fp(async function plugins(app) {
  foo()
})
