import Fastify from 'fastify'

export class Server {
  async build() {
    const app = Fastify()
    await app.register(a)
    return app
  }
}
