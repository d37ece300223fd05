module.exports = async (app) => {
  app.get('/', index)
  await app.register(u)
}
