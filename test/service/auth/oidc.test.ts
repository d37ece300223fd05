import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { name } from '../../../src/about.ts'
import { testApp } from '../../support/app.ts'
import { IdentityProvider } from '../../support/identity-provider.ts'
import { expectProblem } from '../../support/problem.ts'
import { loginOf, me, newUser } from '../../support/users.ts'
import { forge, hs256, unsigned } from '../support/forge.ts'

// Forged tokens, and an identity provider that changes keys, fails or lies.

let provider: IdentityProvider
let app: FastifyInstance

beforeEach(async () => {
  provider = await IdentityProvider.start()
  app = await testApp(provider.env)
})

afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await app.close()
  await provider.stop()
})

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

test('alg none and key confusion are refused', async () => {
  const token = await provider.token()
  const none = forge(token, { header: { alg: 'none' } }, unsigned)
  expectProblem(await me(app, none), 401, 'unauthorized')
  const confused = forge(token, { header: { alg: 'HS256' } }, hs256(provider.publicPem))
  expectProblem(await me(app, confused), 401, 'unauthorized')
})

test('neither issuer can sign tokens of the other', async () => {
  const secret = hs256(app.config.auth.jwtSecret ?? '')
  const { accessToken: ours } = await loginOf(app, await newUser(app))
  const disguised = forge(ours, { payload: { iss: provider.issuer, aud: 'api' } }, secret)
  expectProblem(await me(app, disguised), 401, 'unauthorized')
  const theirs = await provider.token({ iss: name, aud: name })
  expectProblem(await me(app, theirs), 401, 'unauthorized')
})

test.each<[string, object]>([
  ['another issuer', { issuer: 'https://evil.example/' }],
  ['keys of another protocol', { jwks_uri: 'file:///etc/passwd' }],
  ['keys that are not a URL', { jwks_uri: 'nonsense' }],
  ['no keys', { jwks_uri: undefined }],
])('a discovery document with %s is a 503, and is fetched again', async (_name, document) => {
  provider.discovery = document
  expectProblem(await me(app, await provider.token()), 503, 'service-unavailable')
  provider.discovery = {}
  expect((await me(app, await provider.token())).statusCode).toBe(200)
})

test('known keys outlast an outage, whatever made-up keys are asked for meanwhile', async () => {
  expect((await me(app, await provider.token())).statusCode).toBe(200)
  provider.failure = { status: 500, body: 'down' }
  later(31)
  await me(app, await provider.token({}, { kid: 'made-up' }))
  expect((await me(app, await provider.token({ jti: 'x' }))).statusCode).toBe(200)
})

describe('the keys of the provider', () => {
  test('are fetched once, and again for an unknown key', async () => {
    expect((await me(app, await provider.token())).statusCode).toBe(200)
    expect((await me(app, await provider.token({ jti: 'x' }))).statusCode).toBe(200)
    expect(provider.asked).toBe(1)
    provider.rotate('second')
    later(31)
    expect((await me(app, await provider.token())).statusCode).toBe(200)
    expect(provider.asked).toBe(2)
  })

  test('are not fetched for each made-up name', async () => {
    await me(app, await provider.token())
    for (let count = 0; count < 20; count += 1) {
      const token = await provider.token({}, { kid: `made-up-${count}` })
      expectProblem(await me(app, token), 401, 'unauthorized')
    }
    expect(provider.asked).toBe(1)
  })

  test('that are no longer published verify nothing', async () => {
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
    const waits = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(200))
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
    const { accessToken } = await loginOf(app, await newUser(app))
    expect((await me(app, accessToken)).statusCode).toBe(200)
    provider = await IdentityProvider.start()
  })
})
