import { readFile } from 'node:fs/promises'
import { STATUS_CODES } from 'node:http'
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { description, name, version } from '../about.ts'
import { AppError, problemTypes, usualProblemType } from './app-error.ts'
import { anyProblem, type Problem, problemMediaType, toProblem } from './problem.ts'

/** What the pages need. The hash is of a style that this version of Swagger UI sets. */
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

type Components = NonNullable<NonNullable<FastifyDynamicSwaggerOptions['openapi']>['components']>

declare module 'fastify' {
  interface FastifyInstance {
    /** The security schemes of the document, by name; a plugin adds those that it accepts. */
    securitySchemes: NonNullable<Components['securitySchemes']>
  }
}

/** The documentation of the API: a page at `/docs`, the document at `/openapi.json`. */
export const openapi = fp(
  async (app) => {
    const securitySchemes: FastifyInstance['securitySchemes'] = {}
    app.decorate('securitySchemes', securitySchemes)
    if (!app.config.docs.enabled) return

    // Loaded only if needed: it takes a twentieth of the start.
    const { default: swagger } = await import('@fastify/swagger')
    await app.register(swagger, {
      transform: ({ schema, url }) => ({
        schema: {
          ...(schema?.summary && { operationId: idOf(schema.summary) }),
          ...schema,
          response: { ...(schema?.response as object | undefined), default: anyProblem },
        },
        url: url.replace(/(?<=.)\/$/, ''),
      }),
      transformObject: (document) =>
        'openapiObject' in document ? describe(document.openapiObject) : document.swaggerObject,
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
    // Reading it isn't using the API, and the page loads a handful of assets.
    app.addHook('onRoute', (route) => {
      if (/^\/(docs|openapi)\b/.test(route.url)) route.config = { ...route.config, quiet: true }
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

const articles = ['a', 'an', 'the', 'your']

/** `List your API keys` becomes `listAPIKeys`. A route may set its own `operationId`. */
function idOf(summary: string): string {
  const words = summary.match(/[A-Za-z\d]+/g) ?? []
  const [first = '', ...rest] = words.filter((word) => !articles.includes(word.toLowerCase()))
  return [first.toLowerCase(), ...rest.map((it) => it[0]?.toUpperCase() + it.slice(1))].join('')
}

type Response = { description?: string; content?: Record<string, { example?: unknown }> }
type Operation = { tags?: string[]; responses?: Record<string, Response> }

/** Says what each response means, and puts the tags of the service's own resources first. */
function describe(document: { paths?: object }): object {
  const paths: Record<string, Operation>[] = Object.values(document.paths ?? {})
  const operations = paths.flatMap((path) => Object.values(path))
  for (const [status, response] of operations.flatMap((it) => Object.entries(it.responses ?? {}))) {
    const problem = response.content?.[problemMediaType]
    if (problem) {
      const example = exampleOf(Number(status) || 500)
      problem.example = example
      response.description = `[${example.title}](${example.type})`
    } else if (response.description === 'Default Response') {
      response.description = STATUS_CODES[status] ?? 'Response'
    }
  }
  const tags = [...new Set(operations.flatMap((operation) => operation.tags ?? []))]
  tags.sort((a, b) => builtInTags.indexOf(a) - builtInTags.indexOf(b))
  return { ...document, tags: tags.map((name) => ({ name })) }
}

function exampleOf(status: number): Problem {
  const { title } = usualProblemType(status)
  const detail = `${title[0]}${title.slice(1).toLowerCase()}.`
  const errors = [{ detail: 'must be a string', pointer: '#/name' }]
  const error = new AppError(status, detail, { extra: status === 422 ? { errors } : {} })
  const request = { url: '/api/v1/products', id: '0199c5a8-3f2e-7c4b-9d1a-5e8f6a7b2c3d' }
  return { ...toProblem(error, request, ''), timestamp: '2026-01-02T03:04:05.678Z' }
}

/** A page for each problem type, where its `type` links to, and a list of them at `/errors`. */
export const errorPages = fp(
  async (app) => {
    if (!app.config.docs.enabled) return
    const folder = new URL('../../docs/errors/', import.meta.url)

    const headers = {
      'content-security-policy': pagePolicy,
      'content-type': 'text/html; charset=utf-8',
    }
    const serve = (url: string, title: string, content: string) => {
      const html = pageOf(title, content)
      app.get(url, { schema: { hide: true } }, (_, reply) => reply.headers(headers).send(html))
    }

    const items: string[] = []
    for (const [name, [status, title]] of Object.entries(problemTypes)) {
      const markdown = await readFile(new URL(`${name}.md`, folder), 'utf8')
      serve(`/errors/${name}`, `${status} ${title}`, render(markdown))
      items.push(`<li><a href="/errors/${name}">${status} ${title}</a></li>`)
    }
    serve('/errors', 'Errors', `<h1>Errors</h1>\n<ul>\n${items.join('\n')}\n</ul>`)
  },
  { name: 'error-pages', dependencies: ['errors'] },
)

/** Renders what the pages use of Markdown: headings, paragraphs, lists and code spans. */
function render(markdown: string): string {
  const text = markdown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').trim()
  const blocks = text.split(/\n{2,}/).map((block) => {
    const [, marks, heading] = /^(#+) (.*)$/.exec(block) ?? []
    if (marks) return `<h${marks.length}>${heading}</h${marks.length}>`
    return `<p>${block.replaceAll('\n- ', '<br>\n- ')}</p>`
  })
  return blocks.join('\n').replace(/`([^`]+)`/g, '<code>$1</code>')
}

function pageOf(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="icon" href="data:,">
${content}
<p><a href="/errors">All errors</a></p>
</html>
`
}
