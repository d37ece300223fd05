import type { FastifyInstance } from 'fastify'

export const routes = (app: FastifyInstance) => app.register(a)
