import type { FastifyInstance } from 'fastify'

export async function users(app: FastifyInstance) {
  app.get('/users', list)
}

export async function products(app: FastifyInstance) {
  app.get('/products', list)
}
