import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem, expectSoundAnswer } from '../support/problem.ts'
import { type Endpoint, testAppWithRoutes } from '../support/routes.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'

describe('every route', () => {
  let app: FastifyInstance
  let endpoints: readonly Endpoint[]

  beforeAll(async () => {
    const made = await testAppWithRoutes()
    app = made.app
    endpoints = made.endpoints
  })

  afterAll(() => app.close())

  async function expectSound(method: string, url: string): Promise<void> {
    const { statusCode: status, ...response } = await app.inject({ method: method as 'GET', url })
    expectSoundAnswer({ ...response, status }, `${method} ${url} (${status})`)
  }

  test('answers with all security headers, and errors with a problem', async () => {
    expect(endpoints.map(({ url }) => url)).toContain('/docs/static/x')
    for (const { method, url } of endpoints) await expectSound(method, url)
  })

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'answers %s the same way',
    async (method) => {
      for (const url of new Set(endpoints.map((it) => it.url))) await expectSound(method, url)
    },
  )

  test.each(['/%', '/docs/%E0%A4', `/health/${'x'.repeat(5_000)}`, '/docs/static/index.html'])(
    'and so is %s answered',
    (url) => expectSound('GET', url),
  )
})

describe('a response', () => {
  const own = { 'X-Frame-Options': 'SAMEORIGIN' }
  let app: FastifyInstance

  beforeAll(async () => {
    app = await testApp()
    app.get('/data', async () => ({}))
    app.get('/stream', async (_request, reply) => reply.send(Readable.from(['data'])))
    app.get('/redirect', async (_request, reply) => reply.redirect('/data'))
    app.get('/unsendable', async (_request, reply) => reply.header('x-bad', 'a\nb').send({}))
    app.get('/hijacked', async (_request, reply) => {
      reply.hijack()
      reply.raw.end('raw')
    })
    app.get('/own', async (_request, reply) =>
      reply.headers({ ...own, 'cache-control': 'max-age=60' }).send({}),
    )
    app.get('/own-head', async (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(202, 'Taken', own).end('raw')
    })
    app.get('/own-pairs', async (_request, reply) => {
      reply.hijack()
      reply.raw.writeHead(200, Object.entries(own).flat()).end('raw')
    })
    app.get('/own-header', async (_request, reply) => {
      reply.hijack()
      reply.raw.setHeader('X-FRAME-OPTIONS', 'SAMEORIGIN').end('raw')
    })
    for (const hook of ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const) {
      const fail = () => Promise.reject(new Error('hunter2'))
      app.get(`/${hook}`, { [hook]: fail }, async () => ({}))
    }
    app.get('/onSend', {
      onSend: async (_request, reply) => {
        if (reply.statusCode === 200) throw new Error('hunter2')
      },
      handler: async () => ({}),
    })
  })

  afterAll(() => app.close())

  test.each(['onRequest', 'preParsing', 'preValidation', 'preHandler', 'onSend'])(
    'has the headers if a hook of %s fails',
    async (path) => {
      expectProblem(await app.inject(`/${path}`), 500, 'internal-error')
    },
  )

  test.each([
    ['data', 200],
    ['stream', 200],
    ['redirect', 302],
    ['hijacked', 200],
    ['unsendable', 500],
  ])('has the headers if it is %s', async (path, status) => {
    const { statusCode, headers } = await app.inject(`/${path}`)
    expect(statusCode).toBe(status)
    expectSecurityHeaders(headers)
  })

  test.each(['own', 'own-head', 'own-pairs', 'own-header'])(
    'has a header of its own once (%s), however it spells the name',
    async (path) => {
      const { headers } = await app.inject(`/${path}`)
      expect(headers['x-frame-options']).toBe('SAMEORIGIN')
      expectSecurityHeaders({ ...headers, 'x-frame-options': 'DENY' })
    },
  )

  test.each(['authorization', 'cookie', 'x-api-key'])(
    'to a caller with %s is not stored, unless its route says so',
    async (name) => {
      const headers = { [name]: 'hunter2' }
      const data = await app.inject({ url: '/data', headers })
      expect(data.headers['cache-control']).toBe('no-store')
      const page = await app.inject({ url: '/own', headers })
      expect(page.headers['cache-control']).toBe('max-age=60')
      expect((await app.inject('/data')).headers).not.toHaveProperty('cache-control')
    },
  )
})
