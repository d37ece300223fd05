import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { forge, hs256, unsigned } from '../support/forge.ts'
import { IdentityProvider } from '../support/identity-provider.ts'
import { expectProblem } from '../support/problem.ts'
import { me, newUser, post, tokenFor } from '../support/users.ts'

// Access tokens of an identity provider that runs beside the service.

let provider: IdentityProvider
let app: FastifyInstance

beforeEach(async () => {
  provider = await IdentityProvider.start()
  await start()
})

afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await app.close()
  await provider.stop()
})

async function start(env: Env = {}): Promise<void> {
  app = await testApp({ ...provider.env, AUTH_OIDC_ROLES_CLAIM: 'realm.roles', ...env })
}

async function restart(env: Env): Promise<void> {
  await app.close()
  await start(env)
}

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

test('a token lets its user in; the account is made when they come first, and once', async () => {
  const calls = Array.from({ length: 5 }, async () => me(app, await provider.token()))
  const answers = await Promise.all(calls)
  const ids = new Set(answers.map((response) => response.json().id))
  expect(ids.size).toBe(1)
  expect(answers[0]?.json()).toMatchObject({ email: null, roles: [], tier: 'standard' })
  const [user] = await app.auth.users.list()
  expect(user).toMatchObject({ issuer: provider.issuer, subject: 'ada', passwordHash: null })
})

test('roles come from the claim, and from the account here', async () => {
  const rolesWith = async (claims: object) =>
    (await me(app, await provider.token(claims))).json().roles
  expect(await rolesWith({ realm: { roles: ['editor', 7] } })).toEqual(['editor'])
  expect(await rolesWith({ realm: { roles: 'admin' }, roles: ['admin'] })).toEqual([])
  expect(await rolesWith({ realm: null })).toEqual([])
  const [user] = await app.auth.users.list()
  await app.auth.users.update(user?.id ?? '', { roles: ['billing'] })
  const both = await rolesWith({ realm: { roles: ['editor'] }, jti: 'x' })
  expect(both).toEqual(['billing', 'editor'])
})

test('a role that only the token names gives no API key anything, and so makes none', async () => {
  const token = await provider.token({ realm: { roles: ['admin'] } })
  const make = (scopes: string[]) => {
    const headers = { authorization: `Bearer ${token}` }
    const payload = { name: 'robot', scopes }
    return app.inject({ method: 'POST', url: '/api/v1/api-keys', headers, payload })
  }
  expectProblem(await make(['orders:read']), 403, 'forbidden')
  const [user] = await app.auth.users.list()
  await app.auth.users.update(user?.id ?? '', { permissions: ['orders:read'] })
  expect((await make(['orders:read'])).statusCode).toBe(201)
})

test('without AUTH_OIDC_ROLES_CLAIM no claim gives a role', async () => {
  await restart({ AUTH_OIDC_ROLES_CLAIM: '' })
  const token = await provider.token({ roles: ['admin'], realm: { roles: ['admin'] } })
  expect((await me(app, token)).json().roles).toEqual([])
})

test('tokens of the service itself are good beside them', async () => {
  const user = await newUser(app)
  expect((await me(app, await tokenFor(app, user))).json().id).toBe(user.id)
})

test('a login of theirs is ended there', async () => {
  const token = await provider.token()
  for (const path of ['/logout', '/logout-everywhere']) {
    expectProblem(await post(app, path, undefined, token), 409, 'conflict')
  }
})

test('a token that is not for this service, or not now, is refused', async () => {
  const refused = [
    { aud: 'another' },
    { aud: undefined },
    { iss: 'https://evil.example/' },
    { iss: undefined },
    { exp: 1 },
    { exp: undefined },
    { nbf: Math.floor(Date.now() / 1000) + 600 },
    { sub: undefined },
  ]
  for (const claims of refused) {
    expectProblem(await me(app, await provider.token(claims)), 401, 'unauthorized')
  }
})

test('alg none and key confusion are refused', async () => {
  const token = await provider.token()
  const none = forge(token, { header: { alg: 'none' } }, unsigned)
  expectProblem(await me(app, none), 401, 'unauthorized')
  const confused = forge(token, { header: { alg: 'HS256' } }, hs256(provider.publicPem))
  expectProblem(await me(app, confused), 401, 'unauthorized')
})

test('the secret of the service signs no token of the provider, and the other way round', async () => {
  const secret = hs256(app.config.auth.jwtSecret ?? '')
  const ours = await tokenFor(app, await newUser(app))
  const disguised = forge(ours, { payload: { iss: provider.issuer, aud: 'api' } }, secret)
  expectProblem(await me(app, disguised), 401, 'unauthorized')
  const { issuer: iss, audience: aud } = app.config.auth
  expectProblem(await me(app, await provider.token({ iss, aud })), 401, 'unauthorized')
})

test('an account that is disabled here is let in no more, whatever the provider says', async () => {
  await me(app, await provider.token())
  const [user] = await app.auth.users.list()
  await app.auth.users.update(user?.id ?? '', { disabledAt: new Date() })
  expectProblem(await me(app, await provider.token({ jti: 'another' })), 401, 'unauthorized')
})

describe('the keys of the provider', () => {
  test('are asked for once, and again when a token names one that is not known', async () => {
    expect((await me(app, await provider.token())).statusCode).toBe(200)
    expect((await me(app, await provider.token({ jti: 'x' }))).statusCode).toBe(200)
    expect(provider.asked).toBe(1)
    provider.rotate('second')
    later(31)
    expect((await me(app, await provider.token())).statusCode).toBe(200)
    expect(provider.asked).toBe(2)
  })

  test('are not asked for more often because somebody makes names up', async () => {
    await me(app, await provider.token())
    for (let count = 0; count < 20; count += 1) {
      const token = await provider.token({}, { kid: `made-up-${count}` })
      expectProblem(await me(app, token), 401, 'unauthorized')
    }
    expect(provider.asked).toBe(1)
  })

  test('that are published no more verify nothing', async () => {
    const before = await provider.token({ exp: Math.floor(Date.now() / 1000) + 7_200 })
    expect((await me(app, before)).statusCode).toBe(200)
    provider.rotate('second')
    later(601)
    expectProblem(await me(app, before), 401, 'unauthorized')
  })

  test.each<[string, IdentityProvider['failure']]>([
    ['an error', { status: 500, body: 'down' }],
    ['a redirect', { status: 302, body: '' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['no keys', { status: 200, body: '{}' }],
  ])('answered with %s are a 503, and the next request asks again', async (_name, failure) => {
    provider.failure = failure
    const token = await provider.token()
    const response = await me(app, token)
    expectProblem(response, 503, 'service-unavailable')
    expect(response.headers['retry-after']).toBe('5')
    provider.failure = undefined
    expect((await me(app, token)).statusCode).toBe(200)
  })

  test('that do not come in time are a 503', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal)
    const waits = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(20))
    provider.failure = 'hang'
    expectProblem(await me(app, await provider.token()), 503, 'service-unavailable')
    expect(waits).toHaveBeenCalledWith(5_000)
  })

  test('that cannot be reached are a 503; public routes and other tokens go on', async () => {
    await provider.stop()
    const token = await provider.token()
    expectProblem(await me(app, token), 503, 'service-unavailable')
    const headers = { authorization: `Bearer ${token}` }
    expect((await app.inject({ url: '/health/live', headers })).statusCode).toBe(200)
    expect((await me(app, await tokenFor(app, await newUser(app)))).statusCode).toBe(200)
    provider = await IdentityProvider.start()
  })
})

test('alone, in production, there is no secret and there are no logins', async () => {
  const url = provider.env.AUTH_OIDC_JWKS_URL?.replace('http:', 'https:')
  await restart({ NODE_ENV: 'production', AUTH_JWT_SECRET: '', AUTH_OIDC_JWKS_URL: url })
  expectProblem(await post(app, '/login', { email: 'a@b.c', password: 'x' }), 404, 'not-found')
  expectProblem(await me(app, 'a.b.c'), 401, 'unauthorized')
})
