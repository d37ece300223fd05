import type { FastifyInstance as F } from 'fastify'

type App = F<X>

export const routes = (options: O, server: App) => {
  server.register(a)
  server.register(u)
}
