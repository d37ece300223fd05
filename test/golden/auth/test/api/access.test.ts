import { DrizzleQueryError } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callerOf } from '../../src/auth/authenticator.ts'
import type { Access } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import { type Endpoint, testAppWithRoutes } from '../support/routes.ts'
import { expectSecurityHeaders } from '../support/security-headers.ts'
import { keyOf, loggedIn, newUser } from '../support/users.ts'

type Headers = Record<string, string>

describe('a route that declares', () => {
  let app: FastifyInstance
  const callers: Record<string, Headers> = {}

  beforeAll(async () => {
    app = await testApp()
    const user = await newUser(app)
    const reader = await newUser(app, { permissions: ['orders:read', 'orders:write'] })
    const admin = await newUser(app, { roles: ['admin'] })
    Object.assign(callers, {
      nobody: {},
      user: await loggedIn(app, user),
      editor: await loggedIn(app, await newUser(app, { roles: ['editor'] })),
      reader: await loggedIn(app, reader),
      admin: await loggedIn(app, admin),
      'key of user': await keyOf(app, user),
      'key of reader': await keyOf(app, reader, ['orders:read']),
      'key of admin': await keyOf(app, admin),
    })
    const routes: Record<string, Access> = {
      public: 'public',
      authenticated: 'authenticated',
      user: 'user',
      role: { role: 'editor' },
      permission: { permission: 'orders:read' },
      owner: { owner: async () => user.id },
      'owner-of-nothing': { owner: async () => undefined },
    }
    for (const [name, access] of Object.entries(routes)) {
      const method = ['GET', 'POST']
      app.route({ method, url: `/${name}`, config: { access }, handler: async () => 'ok' })
    }
  })

  afterAll(() => app.close())

  test.each([
    ['GET', 'public', [200, 200, 200, 200, 200, 200, 200, 200]],
    ['POST', 'public', [200, 200, 200, 200, 200, 200, 200, 200]],
    ['GET', 'authenticated', [401, 200, 200, 200, 200, 200, 200, 200]],
    ['POST', 'authenticated', [401, 200, 200, 200, 200, 403, 403, 403]],
    ['GET', 'user', [401, 200, 200, 200, 200, 403, 403, 403]],
    ['POST', 'user', [401, 200, 200, 200, 200, 403, 403, 403]],
    ['GET', 'role', [401, 403, 200, 403, 200, 403, 403, 403]],
    ['POST', 'role', [401, 403, 200, 403, 200, 403, 403, 403]],
    ['GET', 'permission', [401, 403, 403, 200, 200, 403, 200, 403]],
    ['POST', 'permission', [401, 403, 403, 200, 200, 403, 200, 403]],
    ['GET', 'owner', [401, 200, 403, 403, 200, 200, 403, 403]],
    ['POST', 'owner', [401, 200, 403, 403, 200, 403, 403, 403]],
    ['GET', 'owner-of-nothing', [401, 200, 200, 200, 200, 200, 200, 200]],
  ] as const)('%s /%s admits the right callers', async (method, name, statuses) => {
    const answers = Object.values(callers).map(async (headers) => {
      const response = await app.inject({ method, url: `/${name}`, headers })
      return response.statusCode
    })
    expect(await Promise.all(answers)).toEqual(statuses)
  })

  test.each([
    ['user', 'role', 'This needs the role editor.'],
    ['user', 'permission', 'This needs the permission orders:read.'],
    ['key of admin', 'permission', 'This needs the permission orders:read.'],
    ['key of reader', 'authenticated', "API keys aren't accepted here. Log in instead."],
    ['editor', 'owner', 'This belongs to another user.'],
  ])('tells a %s what /%s needs', async (caller, name, detail) => {
    const headers = callers[caller] ?? {}
    const response = await app.inject({ method: 'POST', url: `/${name}`, headers })
    expectProblem(response, 403, 'forbidden', { detail })
  })

  test.each([
    { roles: ['editors', 'Editor', ''], permissions: ['editor', 'admin'] },
    { roles: ['orders:read', 'constructor'], permissions: ['orders', 'orders:*', 'orders:reads'] },
  ])('compares names as a whole: %j', async (values) => {
    const headers = await loggedIn(app, await newUser(app, values))
    for (const url of ['/role', '/permission']) {
      expectProblem(await app.inject({ url, headers }), 403, 'forbidden')
    }
  })

  test('documents which credentials it takes', async () => {
    const { paths, components } = (await app.inject('/openapi.json')).json()
    const [bearer, either] = [[{ bearer: [] }], [{ bearer: [] }, { apiKey: [] }]]
    expect(paths['/permission'].post.security).toEqual(either)
    expect(paths['/role'].get.security).toEqual(bearer)
    expect(paths['/api/v1/auth/me'].get.security).toEqual(either)
    expect(paths['/api/v1/api-keys'].post.security).toEqual(bearer)
    expect(paths['/api/v1/auth/me'].get.responses).toMatchObject({ 401: {}, 403: {} })
    for (const path of ['/public', '/health/live']) {
      expect(paths[path].get).not.toHaveProperty('security')
    }
    const { bearer: token, apiKey } = components.securitySchemes
    expect(token.description).toContain('POST /api/v1/auth/login')
    expect(token.description).toContain('users create you@example.com --role admin')
    expect(apiKey.description).toContain('POST /api/v1/api-keys')
  })
})

describe('every route that declares access', () => {
  let app: FastifyInstance
  let guarded: readonly Endpoint[]

  beforeAll(async () => {
    const whole = await testAppWithRoutes()
    app = whole.app
    guarded = whole.endpoints.filter(({ access }) => access !== undefined && access !== 'public')
  })

  afterAll(() => app.close())

  const send = ({ method, url }: Endpoint, headers: Headers) =>
    app.inject({ method: method as 'GET', url, headers })

  test.each<[string, Headers]>([
    ['nothing', {}],
    ['a token that proves nothing', { authorization: 'Bearer e30.e30.' }],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['a key that proves nothing', { 'x-api-key': 'ak_nonsense' }],
  ])('answers 401 to a caller with %s, before it reads the request', async (_name, headers) => {
    expect(guarded.length).toBeGreaterThan(10)
    for (const endpoint of guarded) {
      const what = `${endpoint.method} ${endpoint.url}`
      const response = await send(endpoint, headers)
      expect(response.statusCode, what).toBe(401)
      expect(response.headers['www-authenticate'], what).toMatch(/^Bearer realm="/)
      if (endpoint.method === 'HEAD') expectSecurityHeaders(response.headers, what)
      else expectProblem(response, 401, 'unauthorized')
    }
  })

  test('lets no key without scopes write anything, not even that of an admin', async () => {
    const headers = await keyOf(app, await newUser(app, { roles: ['admin'] }))
    const writing = guarded.filter(({ method }) => method !== 'GET' && method !== 'HEAD')
    for (const endpoint of writing) {
      expectProblem(await send(endpoint, headers), 403, 'forbidden')
    }
  })

  test('lets no ordinary user do what needs a role or a permission', async () => {
    const headers = await loggedIn(app, await newUser(app))
    const special = guarded.filter(
      ({ access, method }) =>
        typeof access === 'object' && !('owner' in access) && method !== 'HEAD',
    )
    for (const endpoint of special) expectProblem(await send(endpoint, headers), 403, 'forbidden')
  })
})

describe('credentials', () => {
  test('are verified for nobody who asks for a public route, a probe, or nothing that exists', async () => {
    const app = await testApp()
    app.get('/open', { config: { access: 'public' } }, async ({ identity }) => ({ identity }))
    // Like a database that never answers.
    app.auth.keys.verify = () => new Promise(() => {})
    const { 'x-api-key': key } = await keyOf(app, await newUser(app))
    const headers = { 'x-api-key': key }
    expect((await app.inject({ url: '/open', headers })).json()).toEqual({ identity: null })
    expect((await app.inject({ url: '/health/live', headers })).statusCode).toBe(200)
    expect((await app.inject({ url: '/nowhere', headers })).statusCode).toBe(404)
    await app.close()
  })

  test('are verified once a request, whoever asks, and answer 503 while the database is down', async () => {
    const app = await testApp()
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const down = new DrizzleQueryError('SELECT 1', [], refused)
    let asked = 0
    app.auth.keys.verify = async () => {
      asked += 1
      throw down
    }
    app.addHook('onRequest', (request, _reply, done) => app.identify?.(request, () => done()))
    app.get('/known', { config: { access: 'authenticated' } }, async (request) => callerOf(request))
    const response = await app.inject({ url: '/known', headers: { 'x-api-key': 'x' } })
    expectProblem(response, 503, 'service-unavailable')
    expect(asked).toBe(1)
    await app.close()
  })
})
