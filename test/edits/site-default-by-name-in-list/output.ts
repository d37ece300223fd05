const routes = async (app: FastifyInstance) => {
  await app.register(u)
  return
}

export { routes as default }
