import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import {
  call,
  loggedIn,
  loginOf,
  me,
  newAccount,
  newUser,
  password,
  post,
} from '../support/users.ts'

let app: FastifyInstance

beforeAll(async () => {
  // Shorter than usual: PGlite's timers can't follow a clock that jumps by more than 24 days.
  app = await testApp({ AUTH_REGISTRATION_ENABLED: 'true', AUTH_REFRESH_TOKEN_TTL: '864000' })
})

afterEach(() => {
  vi.useRealTimers()
})

afterAll(() => app.close())

/** Lets the clock jump; timers go on as they are. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

function claimsOf(accessToken: string) {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
}

const refresh = (refreshToken: string) => post(app, '/refresh', { refreshToken })

async function expectEnded({ accessToken = '', refreshToken = '' }): Promise<void> {
  expectProblem(await me(app, accessToken), 401, 'unauthorized')
  expectProblem(await refresh(refreshToken), 401, 'unauthorized')
}

describe('POST /auth/register', () => {
  test('creates an ordinary account that can log in', async () => {
    const response = await post(app, '/register', { email: ' New.User@Example.com ', password })
    expect(response.statusCode).toBe(201)
    const account = { email: 'new.user@example.com', roles: ['user'], permissions: [] }
    expect(response.json()).toMatchObject(account)
    expect(response.body).not.toContain('scrypt')
    const login = await post(app, '/login', { email: 'NEW.USER@example.com', password })
    expect(login.statusCode).toBe(200)
  })

  test('returns 409 for an address that is taken', async () => {
    const { email } = await newAccount(app)
    expectProblem(await post(app, '/register', { email, password }), 409, 'conflict')
  })

  test.each([
    [{ email: 'x@example.com', password, roles: ['admin'] }, '#/roles'],
    [{ email: 'nobody', password }, '#/email'],
    [{ email: 'a@b..c', password }, '#/email'],
    [{ email: 'x@example.com', password: 'short' }, '#/password'],
    [{ email: 'x@example.com', password: 'x'.repeat(129) }, '#/password'],
    [{ email: 'x@example.com' }, '#/password'],
  ])('returns 422 for %j', async (body, pointer) => {
    const problem = expectProblem(await post(app, '/register', body), 422, 'validation-error')
    expect(problem.errors).toMatchObject([{ pointer }])
  })

  test('is there only with AUTH_REGISTRATION_ENABLED', async () => {
    const closed = await testApp()
    const response = await post(closed, '/register', { email: 'x@example.com', password })
    expectProblem(response, 404, 'not-found')
    await closed.close()
  })
})

describe('POST /auth/login', () => {
  test('returns a pair of tokens', async () => {
    const { email, id } = await newAccount(app, { permissions: ['a:b'], tier: 'gold' })
    const response = await post(app, '/login', { email, password })
    expect(response.headers['cache-control']).toBe('no-store')
    const { accessToken, ...rest } = response.json()
    const refreshToken = expect.stringMatching(/^rt_[\w-]{43}$/)
    expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900, refreshToken })
    expect((await me(app, accessToken)).json()).toMatchObject({ id, email, permissions: ['a:b'] })
    const claims = claimsOf(accessToken)
    const rights = { sub: id, roles: ['user'], permissions: ['a:b'], tier: 'gold' }
    expect(claims).toMatchObject({ ...rights, exp: claims.iat + 900 })
  })

  test('fails the same way, whatever is wrong', async () => {
    const { email } = await newAccount(app)
    const disabled = await newAccount(app, { disabledAt: new Date() })
    const external = await newAccount(app, { passwordHash: null, issuer: 'x', subject: email })
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
      const { request_id, timestamp, ...same } = expectProblem(response, 401, 'unauthorized')
      answers.add(JSON.stringify([same, response.headers['www-authenticate']]))
    }
    expect(answers.size).toBe(1)
  })

  test('returns 429 for an account after ten failures from any address', async () => {
    const { email } = await newAccount(app)
    const attempt = (remoteAddress: string, secret: string) => {
      const payload = { email: email.toUpperCase(), password: secret }
      return app.inject({ method: 'POST', url: '/api/v1/auth/login', remoteAddress, payload })
    }
    for (let count = 1; count <= 10; count += 1) {
      expect((await attempt(`192.0.2.${count}`, 'a wrong password')).statusCode).toBe(401)
    }
    const refused = await attempt('192.0.2.99', password)
    expectProblem(refused, 429, 'rate-limit-exceeded')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800)
  })

  test('returns 429 to an address after a hundred failures for any accounts', async () => {
    const attempt = (email: string) => {
      const payload = { email, password: 'a wrong password' }
      const from = { remoteAddress: '198.51.100.7' }
      return app.inject({ method: 'POST', url: '/api/v1/auth/login', ...from, payload })
    }
    const names = Array.from({ length: 100 }, (_, index) => `victim-${index}@example.com`)
    const statuses = await Promise.all(names.map(async (name) => (await attempt(name)).statusCode))
    expect(new Set(statuses)).toEqual(new Set([401]))
    expectProblem(await attempt('one-more@example.com'), 429, 'rate-limit-exceeded')
  })
})

describe('POST /auth/refresh', () => {
  test('returns the next pair, and each token works once', async () => {
    const user = await newUser(app)
    const first = await loginOf(app, user)
    const response = await refresh(first.refreshToken)
    expect(response.headers['cache-control']).toBe('no-store')
    const next = response.json()
    expect((await me(app, next.accessToken)).json().id).toBe(user.id)
    expectProblem(await refresh(first.refreshToken), 401, 'unauthorized')
    expect((await refresh(next.refreshToken)).statusCode).toBe(200)
  })

  test('ends the session when a token is replayed', async () => {
    const stolen = await loginOf(app, await newUser(app))
    const next = (await refresh(stolen.refreshToken)).json()
    expect((await me(app, next.accessToken)).statusCode).toBe(200)
    later(11)
    expectProblem(await refresh(stolen.refreshToken), 401, 'unauthorized')
    await expectEnded(next)
  })

  test('returns 401 once AUTH_REFRESH_TOKEN_TTL has passed since the login', async () => {
    const { refreshToken } = await loginOf(app, await newUser(app))
    later(6 * 86_400)
    const next = (await refresh(refreshToken)).json()
    later(5 * 86_400)
    expectProblem(await refresh(next.refreshToken), 401, 'unauthorized')
  })
})

describe('POST /auth/logout', () => {
  test('ends the session of the access token and no other one', async () => {
    const user = await newUser(app)
    const [here, there] = [await loginOf(app, user), await loginOf(app, user)]
    expect((await me(app, here.accessToken)).statusCode).toBe(200)
    expect((await post(app, '/logout', undefined, here.accessToken)).statusCode).toBe(204)
    await expectEnded(here)
    expect((await me(app, there.accessToken)).statusCode).toBe(200)
  })

  test('takes a refresh token instead, also a used one', async () => {
    const tokens = await loginOf(app, await newUser(app))
    const next = (await refresh(tokens.refreshToken)).json()
    later(1_000)
    const body = { refreshToken: tokens.refreshToken }
    expect((await post(app, '/logout', body, tokens.accessToken)).statusCode).toBe(204)
    await expectEnded(next)
    expect((await post(app, '/logout', { refreshToken: 'rt_unknown' })).statusCode).toBe(204)
  })

  test('returns 401 without either', async () => {
    expectProblem(await post(app, '/logout'), 401, 'unauthorized')
    expectProblem(await post(app, '/logout', {}, 'e30.e30.'), 401, 'unauthorized')
  })

  test('takes an empty body of JSON', async () => {
    const headers = await loggedIn(app, await newUser(app))
    const options = { method: 'POST', url: '/api/v1/auth/logout', payload: '' } as const
    const json = { ...headers, 'content-type': 'application/json' }
    expect((await app.inject({ ...options, headers: json })).statusCode).toBe(204)
  })
})

describe('POST /auth/password', () => {
  const newPassword = 'another good password'

  test('changes the password and ends the other sessions', async () => {
    const user = await newAccount(app)
    const [here, there] = [await loginOf(app, user), await loginOf(app, user)]
    expect((await me(app, there.accessToken)).statusCode).toBe(200)
    const body = { currentPassword: password, newPassword }
    expect((await post(app, '/password', body, here.accessToken)).statusCode).toBe(204)
    expect((await me(app, here.accessToken)).statusCode).toBe(200)
    await expectEnded(there)
    const { email } = user
    expect((await post(app, '/login', { email, password })).statusCode).toBe(401)
    expect((await post(app, '/login', { email, password: newPassword })).statusCode).toBe(200)
  })

  test('returns 403 for a wrong password, and 429 after ten of them', async () => {
    const { accessToken } = await loginOf(app, await newAccount(app))
    const body = { currentPassword: 'a guess of mine', newPassword }
    for (let count = 1; count <= 10; count += 1) {
      expectProblem(await post(app, '/password', body, accessToken), 403, 'forbidden')
    }
    expectProblem(await post(app, '/password', body, accessToken), 429, 'rate-limit-exceeded')
  })
})

describe('/auth/sessions', () => {
  test('lists the sessions of the caller, and marks the current one', async () => {
    const user = await newAccount(app)
    const { email } = user
    const headers = { 'user-agent': 'Firefox on Linux' }
    const login = await call(app, 'POST', '/auth/login', headers, { email, password })
    await loginOf(app, await newUser(app))
    await loginOf(app, user)
    const authorization = `Bearer ${login.json().accessToken}`
    const { data } = (await call(app, 'GET', '/auth/sessions', { authorization })).json()
    expect(data).toHaveLength(2)
    const [current] = data.filter((session: { current: boolean }) => session.current)
    expect(current).toEqual({
      id: claimsOf(login.json().accessToken).sid,
      current: true,
      userAgent: 'Firefox on Linux',
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
    })
  })

  test('ends one of them at once, and none of another user', async () => {
    const user = await newUser(app)
    const [here, there] = [await loginOf(app, user), await loginOf(app, user)]
    expect((await me(app, there.accessToken)).statusCode).toBe(200)
    const path = `/auth/sessions/${claimsOf(there.accessToken).sid}`
    const stranger = await loggedIn(app, await newUser(app, { roles: ['admin'] }))
    expectProblem(await call(app, 'DELETE', path, stranger), 404, 'not-found')
    const headers = { authorization: `Bearer ${here.accessToken}` }
    expect((await call(app, 'DELETE', path, headers)).statusCode).toBe(204)
    await expectEnded(there)
    expect((await me(app, here.accessToken)).statusCode).toBe(200)
    expectProblem(await call(app, 'DELETE', path, headers), 404, 'not-found')
  })
})

describe('GET /auth/me', () => {
  test('returns 404 for an account that was deleted meanwhile', async () => {
    const user = await newUser(app)
    const { accessToken } = await loginOf(app, user)
    expect((await me(app, accessToken)).statusCode).toBe(200)
    await app.db.execute(`DELETE FROM auth_users WHERE id = '${user.id}'`)
    expectProblem(await me(app, accessToken), 404, 'not-found')
  })
})

describe('access tokens', () => {
  test('of AUTH_JWT_PREVIOUS_KEYS are accepted, and new ones have the new key', async () => {
    const { accessToken } = await loginOf(app, await newUser(app))
    const secret = 'the next secret, which is long enough'
    const env = { AUTH_JWT_SECRET: secret, AUTH_JWT_PREVIOUS_KEYS: app.config.auth.jwtSecret }
    const rotated = await testApp({ ...env, AUTH_ACCESS_TOKEN_TTL: '60' })
    expect((await me(rotated, accessToken)).statusCode).toBe(200)
    const newer = await loginOf(rotated, await newUser(rotated))
    expect(newer.expiresIn).toBe(60)
    expect((await me(rotated, newer.accessToken)).statusCode).toBe(200)
    expectProblem(await me(app, newer.accessToken), 401, 'unauthorized')
    await rotated.close()
  })

  test('expire, and say so', async () => {
    const { accessToken } = await loginOf(app, await newUser(app))
    later(906)
    const expired = await me(app, accessToken)
    const detail = 'The access token has expired.'
    expectProblem(expired, 401, 'unauthorized', { detail })
    expect(expired.headers['www-authenticate']).toContain('error="invalid_token"')
  })
})
