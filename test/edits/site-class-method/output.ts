import Fastify from 'fastify'

export class Server {
  async build() {
    const app = Fastify()
    await app.register(a)
    await app.register(u)
    return app
  }
}
