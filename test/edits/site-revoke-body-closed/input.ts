import Fastify from 'fastify'

export class Server {
  #app = Fastify()

  constructor() {
    this.#app.register(u)
  }
}
