import swagger from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { description, name, version } from '../about.ts'
import { anyProblem } from './problem.ts'

/** What the page needs; the hash is that of a style that this version of Swagger UI sets itself. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A way to prove who one is, as OpenAPI describes it. */
type SecurityScheme = { description: string } & (
  | { type: 'http'; scheme: string; bearerFormat?: string }
  | { type: 'apiKey'; in: 'header'; name: string }
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Those of the document, by name; a plugin adds what it honours. */
    securitySchemes: Record<string, SecurityScheme>
  }
}

/** The documentation of the API: a page at `/docs`, the document at `/openapi.json`. */
export const openapi = fp(
  async (app) => {
    const securitySchemes: Record<string, SecurityScheme> = {}
    app.decorate('securitySchemes', securitySchemes)
    await app.register(swagger, {
      transform: ({ schema, url }) => ({
        schema: { ...schema, response: { default: anyProblem, ...responsesOf(schema) } },
        url,
      }),
      openapi: {
        openapi: '3.1.0',
        info: { title: name, version, description },
        components: { securitySchemes },
      },
      refResolver: {
        buildLocalReference: (json, _baseUri, _fragment, index) =>
          typeof json.$id === 'string' ? json.$id : `schema-${index}`,
      },
    })
    if (!app.config.docs.enabled) return

    const { default: swaggerUi } = await import('@fastify/swagger-ui')
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: pagePolicy })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  },
  { name: 'openapi', dependencies: ['errors'] },
)

function responsesOf(schema: FastifySchema | undefined): object {
  return typeof schema?.response === 'object' && schema.response !== null ? schema.response : {}
}
