import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { IdentityProvider } from '../support/identity-provider.ts'
import { expectProblem } from '../support/problem.ts'
import { loginOf, me, newUser, post } from '../support/users.ts'

let provider: IdentityProvider
let app: FastifyInstance

beforeAll(async () => {
  provider = await IdentityProvider.start()
  app = await testApp(provider.env)
})

afterAll(async () => {
  await app.close()
  await provider.stop()
})

describe('a token of the identity provider', () => {
  test('lets its user in; the account is created on the first visit, and once', async () => {
    const visits = Array.from({ length: 5 }, async () => me(app, await provider.token()))
    const answers = (await Promise.all(visits)).map((response) => response.json())
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    const account = { email: null, issuer: provider.issuer, subject: 'ada', roles: ['user'] }
    expect(answers[0]).toMatchObject(account)
  })

  test('has the rights of the account, whatever roles it claims', async () => {
    const { id } = (await me(app, await provider.token())).json()
    await app.auth.users.update(id, { roles: ['editor'] })
    const token = await provider.token({ roles: ['admin'], jti: 'another' })
    expect((await me(app, token)).json()).toMatchObject({ id, roles: ['editor'] })
  })

  test.each([
    { aud: 'another-service' },
    { aud: undefined },
    { iss: 'https://evil.example/' },
    { exp: 1 },
    { exp: undefined },
    { nbf: Math.floor(Date.now() / 1000) + 600 },
    { sub: undefined },
  ])('is refused with %j', async (claims) => {
    expectProblem(await me(app, await provider.token(claims)), 401, 'unauthorized')
  })

  test('is refused while the account is deactivated here', async () => {
    const { id } = (await me(app, await provider.token({ sub: 'bob' }))).json()
    await app.auth.users.update(id, { disabledAt: new Date() })
    const token = await provider.token({ sub: 'bob', jti: 'another' })
    expectProblem(await me(app, token), 401, 'unauthorized')
  })

  test('has no session here', async () => {
    const token = await provider.token()
    expectProblem(await post(app, '/logout', undefined, token), 409, 'conflict')
  })
})

test('tokens of this service are accepted beside them', async () => {
  const user = await newUser(app)
  const { accessToken } = await loginOf(app, user)
  expect((await me(app, accessToken)).json().id).toBe(user.id)
})

test('returns 503 while the provider gives no keys, and recovers', async () => {
  const other = await testApp(provider.env)
  const token = await provider.token()
  provider.failure = { status: 500, body: 'down' }
  expectProblem(await me(other, token), 503, 'service-unavailable')
  provider.failure = undefined
  expect((await me(other, token)).statusCode).toBe(200)
  await other.close()
})

test('has no logins without a key of its own, and needs none in production', async () => {
  const issuer = { ...provider.env, AUTH_OIDC_ISSUER: 'https://id.example.com/' }
  const other = await testApp({ ...issuer, NODE_ENV: 'production', AUTH_JWT_SECRET: '' })
  const login = await post(other, '/login', { email: 'a@b.c', password: 'x' })
  expectProblem(login, 404, 'not-found')
  expectProblem(await me(other, 'a.b.c'), 401, 'unauthorized')
  await other.close()
})
