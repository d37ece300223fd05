import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import { type Endpoint, testAppWithRoutes } from '../support/routes.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'

const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

describe('every route', () => {
  let app: FastifyInstance
  let endpoints: readonly Endpoint[]

  beforeAll(async () => {
    const made = await testAppWithRoutes()
    app = made.app
    endpoints = made.endpoints
  })

  afterAll(() => app.close())

  async function expectContract(method: string, url: string): Promise<void> {
    const response = await app.inject({ method: method as 'GET', url })
    const what = `${method} ${url} (${response.statusCode})`
    expectSecurityHeaders(response.headers, what)
    if (response.statusCode < 400) return
    expect(response.headers['content-type'], what).toBe('application/problem+json')
    expect(response.headers['cache-control'], what).toBe('no-store')
    if (method !== 'HEAD') expect(response.json().status, what).toBe(response.statusCode)
  }

  test('has the security headers, and answers errors with a problem', async () => {
    expect(endpoints.map(({ url }) => url)).toContain('/docs/static/x')
    for (const { method, url } of endpoints) await expectContract(method, url)
  })

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'so does its path when %s is asked of it',
    async (method) => {
      for (const url of new Set(endpoints.map((it) => it.url))) await expectContract(method, url)
    },
  )

  test.each(['/%', '/docs/%E0%A4', `/health/${'x'.repeat(5_000)}`, '/docs/static/index.html'])(
    'and so does %s',
    (url) => expectContract('GET', url),
  )
})

describe('a response', () => {
  const routes = async (app: FastifyInstance) => {
    app.get('/data', async () => ({}))
    app.get('/page', async (_request, reply) =>
      reply
        .headers({ 'content-security-policy': 'sandbox', 'cache-control': 'max-age=60' })
        .send({}),
    )
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
  }
  let app: FastifyInstance

  beforeAll(async () => {
    app = await testApp()
    await app.register(routes)
  })

  afterAll(() => app.close())

  test.each(['onRequest', 'preParsing', 'preValidation', 'preHandler', 'onSend'])(
    'has the headers if a hook of %s fails',
    async (hook) => {
      expectProblem(await app.inject(`/${hook}`), 500, 'internal-error')
    },
  )

  test('of the API loads and frames nothing', async () => {
    const { headers } = await app.inject('/data')
    expect(headers['content-security-policy']).toBe(apiPolicy)
    const denied = String(headers['permissions-policy']).split(', ')
    for (const feature of 'geolocation microphone camera payment usb magnetometer gyroscope accelerometer'.split(
      ' ',
    )) {
      expect(denied).toContain(`${feature}=()`)
    }
  })

  test.each(['authorization', 'cookie'])('to a caller with %s is not kept', async (name) => {
    const headers = { [name]: 'hunter2' }
    const data = await app.inject({ url: '/data', headers })
    expect(data.headers['cache-control']).toBe('no-store')
    const page = await app.inject({ url: '/page', headers })
    expect(page.headers['cache-control']).toBe('max-age=60')
    expect((await app.inject('/data')).headers).not.toHaveProperty('cache-control')
  })

  test('may say something else', async () => {
    const { headers } = await app.inject('/page')
    expect(headers['content-security-policy']).toBe('sandbox')
    expect(headers['x-frame-options']).toBe('DENY')
  })
})

test('the page of the documentation runs its own scripts and styles, and no other', async () => {
  const app = await testApp()
  const page = await app.inject('/docs')
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'; script-src 'self';")
  expect(policy).not.toContain('unsafe')
  expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
  const scripts = [...page.body.matchAll(/<script src="([^"]+)"/g)].map((match) => match[1] ?? '')
  for (const url of scripts) {
    const { body } = await app.inject(url)
    for (const [, style = ''] of body.matchAll(/"style",null,"([^"]+)"/g)) {
      expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
    }
  }
  expect((await app.inject('/openapi.json')).headers['content-security-policy']).toBe(apiPolicy)
  await app.close()
})
