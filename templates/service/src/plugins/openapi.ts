import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { description, name, version } from '../about.ts'
import { anyProblem } from '../errors/problem-responses.ts'

/** The documentation of the API: a page at `/docs`, the document at `/openapi.json`. */
export default fp(
  async (app) => {
    await app.register(swagger, {
      transform: ({ schema, url }) => ({
        schema: { ...schema, response: { default: anyProblem, ...responsesOf(schema) } },
        url,
      }),
      openapi: { openapi: '3.1.0', info: { title: name, version, description } },
      refResolver: {
        buildLocalReference: (json, _baseUri, _fragment, index) =>
          typeof json.$id === 'string' ? json.$id : `schema-${index}`,
      },
    })
    if (!app.config.docs.enabled) return

    await app.register(swaggerUi, { routePrefix: '/docs' })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  },
  { name: 'openapi', dependencies: ['errors'] },
)

function responsesOf(schema: FastifySchema | undefined): object {
  return typeof schema?.response === 'object' && schema.response !== null ? schema.response : {}
}
