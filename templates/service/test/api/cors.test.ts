import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'

const friend = 'https://app.example.com'
const stranger = 'https://evil.example'

function preflight(app: FastifyInstance, origin: string, url = '/health/live') {
  return app.inject({
    method: 'OPTIONS',
    url,
    headers: { origin, 'access-control-request-method': 'PUT' },
  })
}

describe('origins are listed', () => {
  let app: FastifyInstance

  beforeAll(async () => {
    app = await testApp({
      CORS_ORIGINS: `http://localhost:3000,${friend}`,
      CORS_CREDENTIALS: 'true',
      CORS_MAX_AGE: '77',
    })
  })

  afterAll(() => app.close())

  test('a page of theirs may read what it gets, and the headers that matter to it', async () => {
    const { headers } = await app.inject({ url: '/health/live', headers: { origin: friend } })
    expect(headers['access-control-allow-origin']).toBe(friend)
    expect(headers['access-control-allow-credentials']).toBe('true')
    const exposed = String(headers['access-control-expose-headers']).split(', ')
    expect(exposed).toEqual(
      expect.arrayContaining(['x-request-id', 'retry-after', 'ratelimit', 'x-ratelimit-remaining']),
    )
    expect(headers.vary).toBe('Origin')
  })

  test('it may read errors too', async () => {
    const response = await app.inject({ url: '/nowhere', headers: { origin: friend } })
    expectProblem(response, 404, 'not-found')
    expect(response.headers['access-control-allow-origin']).toBe(friend)
  })

  test.each(['/%', `/errors/${'x'.repeat(200)}`])('also that of %s', async (url) => {
    const { headers } = await app.inject({ url, headers: { origin: friend } })
    const ordinary = await app.inject({ url: '/nowhere', headers: { origin: friend } })
    const names = Object.keys(ordinary.headers).filter((it) => /^(access-control-|vary)/.test(it))
    expect(names).toHaveLength(4)
    for (const name of names) expect(headers[name], name).toBe(ordinary.headers[name])
    const strange = await app.inject({ url, headers: { origin: stranger } })
    expect(strange.headers).not.toHaveProperty('access-control-allow-origin')
  })

  test.each([
    stranger,
    'null',
    `${friend}.evil.example`,
    `${friend}:8443`,
    'http://app.example.com',
  ])('%s may not', async (origin) => {
    const response = await app.inject({ url: '/health/live', headers: { origin } })
    expect(response.statusCode).toBe(200)
    expect(response.headers).not.toHaveProperty('access-control-allow-origin')
    expect(await preflight(app, origin)).not.toHaveProperty([
      'headers',
      'access-control-allow-origin',
    ])
  })

  test('a preflight says what may be sent, and has the security headers', async () => {
    const response = await preflight(app, friend)
    expect(response.statusCode).toBe(204)
    expect(response.body).toBe('')
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': friend,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': expect.stringContaining('authorization, content-type'),
      'access-control-max-age': '77',
    })
    expectSecurityHeaders(response.headers)
  })

  test('an OPTIONS request that is no preflight is answered like any other', async () => {
    const known = await app.inject({ method: 'OPTIONS', url: '/health/live' })
    expectProblem(known, 405, 'method-not-allowed')
    expect(known.headers.allow).toBe('GET, HEAD')
    const unknown = await app.inject({
      method: 'OPTIONS',
      url: '/nowhere',
      headers: { origin: friend },
    })
    expectProblem(unknown, 404, 'not-found')
  })
})

test('* lets every page in, without credentials', async () => {
  const app = await testApp({ CORS_ORIGINS: '*' })
  const { headers } = await app.inject({ url: '/health/live', headers: { origin: stranger } })
  expect(headers['access-control-allow-origin']).toBe('*')
  expect(headers).not.toHaveProperty('access-control-allow-credentials')
  await app.close()
})

test('without origins there is no CORS', async () => {
  const app = await testApp()
  const { headers } = await app.inject({ url: '/health/live', headers: { origin: friend } })
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  expectProblem(await preflight(app, friend), 405, 'method-not-allowed')
  await app.close()
})
