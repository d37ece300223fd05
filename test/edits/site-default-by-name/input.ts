const routes = async (app: FastifyInstance) => {
  return
}

export default routes
