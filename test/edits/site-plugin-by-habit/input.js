module.exports = async (app) => {
  app.get('/', index)
}
