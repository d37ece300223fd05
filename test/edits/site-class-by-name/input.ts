import Fastify from 'fastify'

export class Admin {
  #app = Fastify()

  constructor() {
    this.#app.register(a)
  }
}

export class Api {
  #app = Fastify()

  constructor() {
    this.#app.register(a)
  }
}
