import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'

const friend = 'https://app.example.com'
const stranger = 'https://evil.example'

function preflight(app: FastifyInstance, origin: string) {
  const headers = { origin, 'access-control-request-method': 'PUT' }
  return app.inject({ method: 'OPTIONS', url: '/health/live', headers })
}

function corsHeadersOf(headers: object): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'))
}

describe('with a list of origins', () => {
  let app: FastifyInstance

  beforeAll(async () => {
    app = await testApp({ CORS_ORIGINS: `http://localhost:3000,${friend}` })
  })

  afterAll(() => app.close())

  test('a page of a listed origin may read the response and its headers', async () => {
    const { headers } = await app.inject({ url: '/health/live', headers: { origin: friend } })
    expect(headers).toMatchObject({ 'access-control-allow-origin': friend, vary: 'Origin' })
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
    const exposed = String(headers['access-control-expose-headers']).split(', ')
    expect(exposed).toEqual(expect.arrayContaining(['x-request-id', 'retry-after', 'ratelimit']))
  })

  test.each([
    ['/nowhere', 404, 'not-found'],
    ['/%', 400, 'bad-request'],
  ])('it may read errors too: %s', async (url, status, type) => {
    const response = await app.inject({ url, headers: { origin: friend } })
    expectProblem(response, status, type)
    expect(response.headers['access-control-allow-origin']).toBe(friend)
  })

  test.each([stranger, 'null', `${friend}.evil.example`, 'http://app.example.com'])(
    'a page of %s may read nothing',
    async (origin) => {
      const response = await app.inject({ url: '/health/live', headers: { origin } })
      for (const { headers } of [response, await preflight(app, origin)]) {
        expect(corsHeadersOf(headers)).toEqual([])
        expect(headers.vary).toBe('Origin')
      }
    },
  )

  test('a preflight lists what may be sent, and nothing that the service ignores', async () => {
    const response = await preflight(app, friend)
    expect(response.statusCode).toBe(204)
    expect(response.body).toBe('')
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': friend,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'authorization, content-type, x-api-key, x-request-id',
      'access-control-max-age': '600',
    })
    expectSecurityHeaders(response.headers)
  })

  test('an OPTIONS request that is not a preflight returns 405 or 404', async () => {
    const known = await app.inject({ method: 'OPTIONS', url: '/health/live' })
    expectProblem(known, 405, 'method-not-allowed')
    const headers = { origin: friend }
    const unknown = await app.inject({ method: 'OPTIONS', url: '/nowhere', headers })
    expectProblem(unknown, 404, 'not-found')
  })
})

test('with * every page may read responses, but send no credentials', async () => {
  const app = await testApp({ CORS_ORIGINS: '*' })
  const { headers } = await app.inject({ url: '/health/live', headers: { origin: stranger } })
  expect(headers['access-control-allow-origin']).toBe('*')
  expect(headers).not.toHaveProperty('access-control-allow-credentials')
  await app.close()
})

test('without origins there are no CORS headers', async () => {
  const app = await testApp()
  const { headers } = await app.inject({ url: '/health/live', headers: { origin: friend } })
  expect(corsHeadersOf(headers)).toEqual([])
  expectProblem(await preflight(app, friend), 405, 'method-not-allowed')
  await app.close()
})
