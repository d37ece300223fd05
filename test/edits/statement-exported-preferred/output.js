const plugins = async (app) => {}

export default fp(async function plugins(app) {
  foo()
  await app.register(u)
})
