import fastify, { FastifyInstance } from 'fastify'

export class App {
  private readonly app: FastifyInstance

  constructor() {
    this.app = fastify()
    this.plugins()
    this.routes()
  }

  private plugins() {
    this.app.register(cors)
  }

  private routes() {
    this.app.register(users, { prefix: '/users' })
  }

  async start() {
    await this.app.listen({ port: 3000 })
  }
}
