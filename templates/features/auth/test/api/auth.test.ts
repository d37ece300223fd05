import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashPassword } from '../../src/auth/password.ts'
import type { NewUser } from '../../src/auth/user.repository.ts'
import { DatabaseUnreachableError } from '../../src/db/errors.ts'
import type { RateLimit } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { partsOf } from '../support/forge.ts'
import { expectProblem } from '../support/problem.ts'
import { withRouteHook } from '../support/routes.ts'
import { loginOf, me, newAccount, newUser, password, post, tokenFor } from '../support/users.ts'

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ AUTH_REGISTRATION_ENABLED: 'true' })
})

afterAll(() => app.close())

const account = (values: NewUser = {}) => newAccount(app, values)

describe('register', () => {
  test('makes an account that can log in, and that may nothing in particular', async () => {
    const email = ' New.User@Example.com '
    const response = await post(app, '/register', { email, password })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject({
      email: 'new.user@example.com',
      roles: [],
      permissions: [],
      tier: 'standard',
    })
    expect(Object.keys(response.json()).sort()).toEqual(
      ['createdAt', 'email', 'id', 'permissions', 'roles', 'tier'].sort(),
    )
    const login = await post(app, '/login', { email: 'NEW.USER@example.com', password })
    expect(login.statusCode).toBe(200)
  })

  test('refuses an address that is taken', async () => {
    const { email } = await account()
    expectProblem(await post(app, '/register', { email, password }), 409, 'conflict')
  })

  test.each([
    [{ email: 'x@example.com', password, roles: ['admin'] }, '#/roles'],
    [{ email: 'nobody', password }, '#/email'],
    [{ email: 'a@b@c.d', password }, '#/email'],
    [{ email: 'a@b..c', password }, '#/email'],
    [{ email: 'a@b.c.', password }, '#/email'],
    [{ email: 'x@example.com', password: 'short' }, '#/password'],
    [{ email: 'x@example.com', password: 'x'.repeat(129) }, '#/password'],
    [{ email: 'x@example.com' }, '#/password'],
  ])('refuses %j', async (body, pointer) => {
    const problem = expectProblem(await post(app, '/register', body), 422, 'validation-error')
    expect(problem.errors).toMatchObject([{ pointer }])
  })

  test.each([
    ['dots', `a@${'.'.repeat(90_000)}@`],
    ['names with dots', `a@${'b.'.repeat(45_000)}@`],
    ['blanks', `${' '.repeat(90_000)}@`],
    ['letters', 'a'.repeat(90_000)],
  ])('refuses an address of 90 kB of %s without thinking long', async (_name, email) => {
    const start = performance.now()
    const response = await post(app, '/register', { email, password })
    expectProblem(response, 422, 'validation-error')
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  test('is closed unless AUTH_REGISTRATION_ENABLED opens it', async () => {
    const closed = await testApp()
    const response = await post(closed, '/register', { email: 'x@example.com', password })
    expectProblem(response, 404, 'not-found')
    await closed.close()
  })
})

describe('login', () => {
  test('gives tokens that are good, kept nowhere, and short', async () => {
    const { email, id } = await account({ roles: ['editor'], permissions: ['a:b'], tier: 'gold' })
    const response = await post(app, '/login', { email, password })
    expect(response.headers['cache-control']).toBe('no-store')
    const { accessToken, ...rest } = response.json()
    expect(rest).toEqual({
      tokenType: 'Bearer',
      expiresIn: 900,
      refreshToken: expect.stringMatching(/^rt_[\w-]{43}$/),
    })
    expect((await me(app, accessToken)).json()).toMatchObject({ id, email, roles: ['editor'] })
    const { header, payload } = partsOf(accessToken)
    expect(header).toMatchObject({ alg: 'HS256', typ: 'at+jwt' })
    expect(payload).toMatchObject({
      sub: id,
      iss: app.config.auth.issuer,
      aud: app.config.auth.audience,
      roles: ['editor'],
      permissions: ['a:b'],
      tier: 'gold',
    })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(900)
    expect(payload).not.toHaveProperty('email')
  })

  test('fails the same way for whatever reason', async () => {
    const { email } = await account()
    const disabled = await account({ disabledAt: new Date() })
    const external = await account({ passwordHash: null, issuer: 'x', subject: email })
    const bodies = [
      { email, password: 'another password' },
      { email: 'nobody@example.com', password },
      { email: disabled.email, password },
      { email: external.email, password },
      { email: 'no address', password: '' },
    ]
    const answers = new Set<string>()
    for (const body of bodies) {
      const response = await post(app, '/login', body)
      const problem = expectProblem(response, 401, 'unauthorized')
      const { request_id, timestamp, ...same } = problem
      answers.add(JSON.stringify([same, response.headers['www-authenticate']]))
    }
    expect(answers.size).toBe(1)
  })

  test('hashes the password again when it costs more by now', async () => {
    const passwordHash = await hashPassword(password, { logN: 2, r: 8, p: 1 })
    const { id, email } = await account({ passwordHash })
    expect((await post(app, '/login', { email, password })).statusCode).toBe(200)
    const user = await app.auth.users.get(id)
    expect(user?.passwordHash).toMatch(/^\$scrypt\$ln=4,/)
    expect((await post(app, '/login', { email, password })).statusCode).toBe(200)
  })

  test('removes logins that have expired, of everybody', async () => {
    const past = `now() - interval '1 day'`
    const { id } = await account()
    await app.db.execute(`INSERT INTO auth_sessions (id, user_id, expires_at)
      SELECT gen_random_uuid(), '${id}', ${past} FROM generate_series(1, 3)`)
    await loginOf(app, await account())
    const { rows } = await app.db.execute('SELECT FROM auth_sessions WHERE expires_at < now()')
    expect(rows).toHaveLength(0)
  })

  test('AUTH_ISSUER, AUTH_AUDIENCE and AUTH_ACCESS_TOKEN_TTL are in the token', async () => {
    const env = { AUTH_ISSUER: 'us', AUTH_AUDIENCE: 'them', AUTH_ACCESS_TOKEN_TTL: '60' }
    const other = await testApp(env)
    const { accessToken, expiresIn } = await loginOf(other, await newUser(other))
    expect(expiresIn).toBe(60)
    expect(partsOf(accessToken).payload).toMatchObject({ iss: 'us', aud: 'them' })
    expect((await me(other, accessToken)).statusCode).toBe(200)
    expectProblem(await me(app, accessToken), 401, 'unauthorized')
    await other.close()
  })

  test('AUTH_JWT_PREVIOUS_KEYS: tokens of the key before are good, new ones have the new key', async () => {
    const next = 'the next secret, which is long enough'
    const token = await tokenFor(app, await account())
    const env = { AUTH_JWT_SECRET: next, AUTH_JWT_PREVIOUS_KEYS: app.config.auth.jwtSecret }
    const rotated = await testApp(env)
    expect((await me(rotated, token)).statusCode).toBe(200)
    const newer = await tokenFor(rotated, await account())
    expect(partsOf(newer).header.kid).not.toBe(partsOf(token).header.kid)
    expect((await me(rotated, newer)).statusCode).toBe(200)
    expectProblem(await me(app, newer), 401, 'unauthorized')
    await rotated.close()
  })
})

test('guesses of the unknown are counted by address, whatever else they send', async () => {
  const limits = new Map<string, RateLimit | undefined>()
  const watched = await withRouteHook(
    ({ url, config }) => {
      limits.set(url, config?.rateLimit)
    },
    () => testApp({ AUTH_REGISTRATION_ENABLED: 'true' }),
  )
  for (const name of ['login', 'register']) {
    expect(limits.get(`/api/v1/auth/${name}`)).toEqual({ limit: 10, window: 60, key: 'ip' })
  }
  expect(limits.get('/api/v1/auth/refresh')).toBe('standard')
  await watched.close()
})

test('me: an account that is removed is known no more', async () => {
  const user = await account()
  const token = await tokenFor(app, user)
  expect((await me(app, token)).statusCode).toBe(200)
  await app.db.execute(`DELETE FROM auth_users WHERE id = '${user.id}'`)
  expectProblem(await me(app, token), 404, 'not-found')
})

test('jwks: with a secret there is nothing to publish', async () => {
  expectProblem(await app.inject('/.well-known/jwks.json'), 404, 'not-found')
})

test('a database that is down is a 503, not a 401', async () => {
  const broken = await testApp()
  const token = await tokenFor(broken, await newUser(broken))
  broken.auth.authenticator.verify = () =>
    Promise.reject(new DatabaseUnreachableError({}, new Error('connect')))
  expectProblem(await me(broken, token), 503, 'service-unavailable')
  const headers = { authorization: `Bearer ${token}` }
  expect((await broken.inject({ url: '/health/live', headers })).statusCode).toBe(200)
  await broken.close()
})
