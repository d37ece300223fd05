import { readFile } from 'node:fs/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { Type } from 'typebox'
import { NotFoundError, problemTypes } from './app-error.ts'

const folder = new URL('../../docs/errors/', import.meta.url)
const schema = { hide: true, params: Type.Object({ name: Type.String() }) }

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/:name', { schema }, async (request, reply) => {
    const { name } = request.params
    const known = Object.hasOwn(problemTypes, name)
    const page = known && (await readFile(new URL(`${name}.md`, folder)).catch(() => undefined))
    if (!page) throw new NotFoundError('There is no such type of problem.')
    // Browsers show plain text; Markdown they would save.
    return reply.type('text/plain; charset=utf-8').send(page)
  })
}

/** The pages of the problem types, where `type` leads to: `/errors/<name>`. */
export const errorPages = fp(
  async (app) => {
    if (app.config.docs.enabled) await app.register(routes, { prefix: '/errors' })
  },
  { name: 'error-pages', dependencies: ['errors'] },
)
