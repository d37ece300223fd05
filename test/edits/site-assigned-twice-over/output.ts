import Fastify from 'fastify'

export class Server {
  app: FastifyInstance

  constructor() {
    const app = (this.app = Fastify())
    app.get('/', index)
    app.register(u)
  }

  routes() {
    const later = () => this.app.register(a)
  }
}
