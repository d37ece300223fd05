import { STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import type { FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { description, name, version } from '../about.ts'
import { usualProblemType } from './app-error.ts'
import { anyProblem, type Problem, problemMediaType } from './problem.ts'

/** What Swagger UI needs. The hash is of a style that this version of it sets. */
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

/** These follow the tags of the service's own resources. */
const builtInTags = ['auth', 'api keys', 'accounts', 'rate limits', 'circuit breakers', 'health']

/** A way to authenticate, as OpenAPI describes it. */
type SecurityScheme = { description: string } & (
  | { type: 'http'; scheme: string; bearerFormat?: string }
  | { type: 'apiKey'; in: 'header'; name: string }
)

declare module 'fastify' {
  interface FastifyInstance {
    /** The security schemes of the document, by name; a plugin adds those that it accepts. */
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
        schema: {
          ...schema,
          ...(schema?.summary && { operationId: schema.operationId ?? idOf(schema.summary) }),
          response: { ...responsesOf(schema), default: anyProblem },
        },
        url: url.replace(/(?<=.)\/$/, ''),
      }),
      transformObject: (document) =>
        'openapiObject' in document ? arrange(document.openapiObject) : document.swaggerObject,
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

    // The page loads a handful of assets, which nobody wants to see in the log.
    app.addHook('onRoute', (route) => {
      if (route.url.startsWith('/docs/')) route.config = { ...route.config, quiet: true }
    })
    const { default: swaggerUi } = await import('@fastify/swagger-ui')
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: pagePolicy,
      theme: { title: name },
      uiConfig: { persistAuthorization: true },
    })
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  },
  { name: 'openapi', dependencies: ['errors'] },
)

function responsesOf(schema: FastifySchema | undefined): object {
  return typeof schema?.response === 'object' && schema.response !== null ? schema.response : {}
}

const articles = ['a', 'an', 'the', 'your']

/** `List your API keys` becomes `listAPIKeys`. A route may set its own `operationId`. */
function idOf(summary: string): string {
  const words = summary.match(/[A-Za-z\d]+/g) ?? []
  const [first = '', ...rest] = words.filter((word) => !articles.includes(word.toLowerCase()))
  return [first.toLowerCase(), ...rest.map((it) => it[0]?.toUpperCase() + it.slice(1))].join('')
}

type Content = Record<string, { example?: unknown }>
type Responses = Record<string, { description?: string; content?: Content }>
type Operations = Record<string, { tags?: string[]; responses?: Responses }>

/** Puts the service's own resources first, and says what each response means. */
function arrange(document: object): object {
  const { paths = {} } = document as { paths?: Record<string, Operations> }
  const sorted = Object.entries(paths).sort(([, a], [, b]) => rankOf(a) - rankOf(b))
  const operations = sorted.flatMap(([, path]) => Object.values(path))
  for (const { responses = {} } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      const problem = response.content?.[problemMediaType]
      if (problem) {
        const example = exampleOf(Number(status) || 500)
        problem.example = example
        response.description = `[${example.title}](${example.type})`
      } else if (response.description === 'Default Response') {
        response.description = STATUS_CODES[status] ?? 'Response'
      }
    }
  }
  const tags = [...new Set(operations.flatMap((operation) => operation.tags ?? []))]
  return { ...document, tags: tags.map((name) => ({ name })), paths: Object.fromEntries(sorted) }
}

function rankOf(path: Operations): number {
  return builtInTags.indexOf(Object.values(path)[0]?.tags?.[0] ?? '')
}

function exampleOf(status: number): Problem {
  const { type, title } = usualProblemType(status)
  return {
    type,
    title,
    status,
    detail: `${title[0]}${title.slice(1).toLowerCase()}.`,
    instance: '/api/v1/products',
    request_id: '0199c5a8-3f2e-7c4b-9d1a-5e8f6a7b2c3d',
    timestamp: '2026-01-02T03:04:05.678Z',
    ...(status === 422 && { errors: [{ detail: 'must be a string', pointer: '#/name' }] }),
  }
}
