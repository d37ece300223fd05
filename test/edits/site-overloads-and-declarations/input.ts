import Fastify from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    x: string
  }
  export function build(app: FastifyInstance): void
}

namespace Fake {
  export function build(app: FastifyInstance) {
    app.register(a)
  }
}

export function build(): X
export function build(options: O): X
export function build(options?: O) {
  const app = Fastify(options)
  app.register(a)
  return app
}
