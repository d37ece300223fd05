const routes = async (app: FastifyInstance) => {
  return
}

export { routes as default }
