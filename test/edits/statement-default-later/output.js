const plugins = async (app) => {
  foo()
  await app.register(u)
}
export default plugins
