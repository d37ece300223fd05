import Fastify from 'fastify'

export class Server {
  #app = Fastify()

  constructor() {}
}
