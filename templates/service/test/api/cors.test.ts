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

  test.each([
    ['/nowhere', 404, 'not-found'],
    ['/%', 400, 'bad-request'],
  ])('it may read errors too: %s', async (url, status, type) => {
    const response = await app.inject({ url, headers: { origin: friend } })
    expectProblem(response, status, type)
    expect(response.headers['access-control-allow-origin']).toBe(friend)
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
    const refused = await preflight(app, origin)
    for (const { headers } of [response, refused]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
      expect(headers.vary).toBe('Origin')
    }
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
      'access-control-max-age': '600',
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
