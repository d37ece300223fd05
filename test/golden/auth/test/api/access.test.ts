import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Access, Identity } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { forge, unsigned } from '../support/forge.ts'
import { expectProblem } from '../support/problem.ts'
import { type Endpoint, testAppWithRoutes } from '../support/routes.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'
import { newUser, tokenFor } from '../support/users.ts'

type Headers = Record<string, string>

/** What a known caller without any right is told. */
function isForbidden(access: Access, headers: Headers): boolean {
  if (access === 'user') return headers['x-api-key'] !== undefined
  return typeof access === 'object' && ('role' in access || 'permission' in access)
}

describe('every route that declares who may call it', () => {
  let app: FastifyInstance
  let guarded: readonly Endpoint[]
  let bearer: Headers
  let apiKey: Headers

  beforeAll(async () => {
    const whole = await testAppWithRoutes()
    app = whole.app
    guarded = whole.endpoints.filter(({ access }) => access !== undefined && access !== 'public')
    const user = await newUser(app)
    const identity: Identity = { ...user, kind: 'user', userId: user.id }
    const { text } = await app.auth.keys.create(identity, { name: 'x', scopes: [], days: 1 })
    bearer = { authorization: `Bearer ${await tokenFor(app, user)}` }
    apiKey = { 'x-api-key': text }
  })

  afterAll(() => app.close())

  const call = ({ method, url }: Endpoint, headers: Headers = {}) =>
    app.inject({ method: method as 'GET', url, headers })

  async function expectUnauthorized(endpoint: Endpoint, headers?: Headers): Promise<void> {
    const what = `${endpoint.method} ${endpoint.url}`
    const response = await call(endpoint, headers)
    expect(response.statusCode, what).toBe(401)
    expect(response.headers['www-authenticate'], what).toMatch(/^Bearer realm="/)
    if (endpoint.method === 'HEAD') expectSecurityHeaders(response.headers, what)
    else expectProblem(response, 401, 'unauthorized')
  }

  test('is there', () => {
    const urls = guarded.map(({ method, url }) => `${method} ${url}`)
    expect(urls).toContain('GET /api/v1/auth/me')
    expect(urls).toContain('POST /api/v1/api-keys/x/rotate')
  })

  test('answers 401 to a caller who shows nothing, before it reads anything else', async () => {
    for (const endpoint of guarded) await expectUnauthorized(endpoint)
  })

  test('answers 401 to a caller who shows what proves nothing', async () => {
    const token = forge(
      String(bearer.authorization).slice(7),
      { header: { alg: 'none' } },
      unsigned,
    )
    for (const endpoint of guarded) {
      await expectUnauthorized(endpoint, { authorization: `Bearer ${token}` })
      await expectUnauthorized(endpoint, { 'x-api-key': 'ak_nonsense' })
    }
  })

  test('answers 401 to a key that is shown as a token', async () => {
    const authorization = `Bearer ${apiKey['x-api-key']}`
    for (const endpoint of guarded) await expectUnauthorized(endpoint, { authorization })
  })

  test.each([
    [{}, '#/name'],
    [{ name: '' }, '#/name'],
    [{ name: 'x', expiresInDays: 0 }, '#/expiresInDays'],
    [{ name: 'x', expiresInDays: 366 }, '#/expiresInDays'],
    [{ name: 'x', scopes: ['a', 'a'] }, '#/scopes'],
    [{ name: 'x', userId: 'another' }, '#/userId'],
  ])('%j asks for no key', async (body, pointer) => {
    const url = '/api/v1/api-keys'
    const response = await app.inject({ method: 'POST', url, headers: bearer, payload: body })
    expectProblem(response, 422, 'validation-error', { errors: [{ pointer }] } as object)
  })

  test('answers 403 to a known caller who has no right to it, and lets others through', async () => {
    // Those that end the login come last, so that it is there for all the others.
    const last = guarded.filter(({ url }) => url.includes('logout'))
    for (const endpoint of [...guarded.filter((it) => !last.includes(it)), ...last]) {
      for (const headers of [apiKey, bearer]) {
        const { access = 'public', method, url } = endpoint
        const response = await call(endpoint, headers)
        if (last.includes(endpoint) && headers === bearer) continue
        if (isForbidden(access, headers)) {
          expect(response.statusCode, `${method} ${url}`).toBe(403)
          if (method !== 'HEAD') expectProblem(response, 403, 'forbidden')
        } else expect([401, 403], `${method} ${url}`).not.toContain(response.statusCode)
      }
    }
  })

  test('says so in the documentation', async () => {
    const { paths, components } = (await app.inject('/openapi.json')).json()
    expect(Object.keys(components.securitySchemes).sort()).toEqual(['apiKey', 'bearer'])
    expect(paths['/api/v1/auth/me'].get).toMatchObject({
      security: [{ bearer: [] }, { apiKey: [] }],
      responses: { 401: {}, 403: {} },
    })
    expect(paths['/api/v1/auth/login'].post).not.toHaveProperty('security')
    expect(paths['/health/live'].get).not.toHaveProperty('security')
  })
})

describe('a route for', () => {
  let app: FastifyInstance
  const owners: Record<string, string> = {}

  beforeAll(async () => {
    app = await testApp()
    const routes: Record<string, Access> = {
      everyone: 'public',
      known: 'authenticated',
      person: 'user',
      editors: { role: 'editor' },
      readers: { permission: 'orders:read' },
      owner: {
        owner: async ({ params }) => owners[(params as { id: string }).id],
      },
    }
    for (const [name, access] of Object.entries(routes)) {
      app.get(`/for/${name}/:id`, { config: { access } }, async ({ identity }) => ({
        who: identity?.userId ?? null,
      }))
    }
  })

  afterAll(() => app.close())

  async function as(values: Parameters<typeof newUser>[1]) {
    const user = await newUser(app, values)
    const headers = { authorization: `Bearer ${await tokenFor(app, user)}` }
    return {
      id: user.id,
      get: (name: string, id = 'x') => app.inject({ url: `/for/${name}/${id}`, headers }),
    }
  }

  test('everyone knows who calls, if somebody does, and minds no bad credentials', async () => {
    const someone = await as({})
    expect((await app.inject('/for/everyone/x')).json()).toEqual({ who: null })
    expect((await someone.get('everyone')).json()).toEqual({ who: someone.id })
    const headers = { authorization: 'Bearer nonsense' }
    const bad = await app.inject({ url: '/for/everyone/x', headers })
    expect(bad.json()).toEqual({ who: null })
  })

  test('the known is for every one of them', async () => {
    expect((await (await as({})).get('known')).statusCode).toBe(200)
  })

  test('a role is for those who have it, and admins', async () => {
    expect((await (await as({ roles: ['editor'] })).get('editors')).statusCode).toBe(200)
    expect((await (await as({ roles: ['admin'] })).get('editors')).statusCode).toBe(200)
    const others = [{}, { roles: ['editors', 'Editor', ''] }, { permissions: ['editor', 'admin'] }]
    for (const values of others) {
      expectProblem(await (await as(values)).get('editors'), 403, 'forbidden')
    }
  })

  test('a permission is for those who have it, and admins', async () => {
    const reader = await as({ permissions: ['orders:read'] })
    expect((await reader.get('readers')).statusCode).toBe(200)
    expect((await (await as({ roles: ['admin'] })).get('readers')).statusCode).toBe(200)
    const others = [{}, { permissions: ['orders', 'orders:*', 'orders:write'] }]
    for (const values of [...others, { roles: ['orders:read'] }]) {
      expectProblem(await (await as(values)).get('readers'), 403, 'forbidden')
    }
  })

  test('an owner is for the owner and admins; what is not there is for the handler', async () => {
    const owner = await as({})
    owners.mine = owner.id
    expect((await owner.get('owner', 'mine')).statusCode).toBe(200)
    expect((await (await as({ roles: ['admin'] })).get('owner', 'mine')).statusCode).toBe(200)
    const other = await as({ roles: ['editor'] })
    expectProblem(await other.get('owner', 'mine'), 403, 'forbidden')
    expect((await other.get('owner', 'nowhere')).statusCode).toBe(200)
    expectProblem(await app.inject('/for/owner/mine'), 401, 'unauthorized')
  })
})
