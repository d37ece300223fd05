import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { testApp } from '../support/app.ts'
import { partsOf } from '../support/forge.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'
import { loginOf, me, newUser, post } from '../support/users.ts'

// Refresh tokens: used once, replayed, used at the same time, and of logins that have ended.

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ AUTH_REFRESH_TOKEN_TTL: '3600', AUTH_REFRESH_GRACE: '10' })
})

afterEach(() => {
  vi.useRealTimers()
})

afterAll(() => app.close())

async function start() {
  const user = await newUser(app)
  return { user, ...(await loginOf(app, user)) }
}

function refresh(refreshToken: string, on = app) {
  return post(on, '/refresh', { refreshToken })
}

async function expectRefused(refreshToken: string, on = app): Promise<void> {
  const response = await refresh(refreshToken, on)
  expectProblem(response, 401, 'unauthorized', { detail: 'The refresh token is not valid.' })
}

/** Lets the clock jump; timers go on as they are. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

test('a refresh token gives new tokens, which are good', async () => {
  const first = await start()
  const response = await refresh(first.refreshToken)
  expect(response.statusCode).toBe(200)
  expect(response.headers['cache-control']).toBe('no-store')
  const next = response.json()
  expect(next).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 })
  expect(next.refreshToken).not.toBe(first.refreshToken)
  expect((await me(app, next.accessToken)).json().id).toBe(first.user.id)
  expect((await refresh(next.refreshToken)).statusCode).toBe(200)
})

test('a replayed refresh token is refused and ends the login, for the thief and the robbed', async () => {
  const stolen = await start()
  const next = (await refresh(stolen.refreshToken)).json()
  expect((await me(app, next.accessToken)).statusCode).toBe(200)
  later(11)
  await expectRefused(stolen.refreshToken)
  await expectRefused(next.refreshToken)
  expectProblem(await me(app, next.accessToken), 401, 'unauthorized')
  expectProblem(await me(app, stolen.accessToken), 401, 'unauthorized')
})

test('that is in the log, once, with the login and its user', async () => {
  const log = new LogLines()
  const logged = await testApp({ LOG_LEVEL: 'warn', AUTH_REFRESH_GRACE: '0' }, { logStream: log })
  const user = await newUser(logged)
  const { refreshToken, accessToken } = await loginOf(logged, user)
  const session = partsOf(accessToken).payload.sid
  await refresh(refreshToken, logged)
  for (let times = 0; times < 3; times += 1) await expectRefused(refreshToken, logged)
  const lines = log.with('refresh token used twice, login ended')
  expect(lines).toMatchObject([{ level: 'warn', session, user: user.id }])
  expect(JSON.stringify(log.lines)).not.toContain(refreshToken.slice(3))
  await logged.close()
})

test('an old one of the chain does so too', async () => {
  const first = await start()
  const second = (await refresh(first.refreshToken)).json()
  const third = (await refresh(second.refreshToken)).json()
  later(11)
  await expectRefused(first.refreshToken)
  await expectRefused(third.refreshToken)
})

test('another login of the same user goes on', async () => {
  const first = await start()
  const other = await loginOf(app, first.user)
  await refresh(first.refreshToken)
  later(11)
  await expectRefused(first.refreshToken)
  expect((await me(app, other.accessToken)).statusCode).toBe(200)
  expect((await refresh(other.refreshToken)).statusCode).toBe(200)
})

test('of two at the same time one is answered, and the login goes on', async () => {
  const { refreshToken } = await start()
  const responses = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
  expect(responses.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401])
  const winner = responses.find(({ statusCode }) => statusCode === 200)?.json()
  expect((await refresh(winner.refreshToken)).statusCode).toBe(200)
})

test('of twenty at the same time one is answered', async () => {
  const { refreshToken } = await start()
  const responses = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)))
  expect(responses.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
})

test('AUTH_REFRESH_GRACE=0: the second use ends the login, however soon', async () => {
  const strict = await testApp({ AUTH_REFRESH_GRACE: '0' })
  const { refreshToken } = await loginOf(strict, await newUser(strict))
  const next = (await refresh(refreshToken, strict)).json()
  await expectRefused(refreshToken, strict)
  await expectRefused(next.refreshToken, strict)
  await strict.close()
})

test('AUTH_REFRESH_GRACE=0: also by a machine whose clock is behind', async () => {
  const strict = await testApp({ AUTH_REFRESH_GRACE: '0' })
  const { refreshToken } = await loginOf(strict, await newUser(strict))
  const next = (await refresh(refreshToken, strict)).json()
  later(-2)
  await expectRefused(refreshToken, strict)
  await expectRefused(next.refreshToken, strict)
  await strict.close()
})

test('AUTH_REFRESH_TOKEN_TTL: no refreshing makes a login last longer', async () => {
  const { refreshToken } = await start()
  later(3_000)
  const { refreshToken: next, accessToken } = (await refresh(refreshToken)).json()
  later(601)
  await expectRefused(next)
  expectProblem(await me(app, accessToken), 401, 'unauthorized')
})

describe.each(['rt_unknown', '', 'rt_', "' OR 1=1 --", '\u0000'])('%j', (token) => {
  test('is refused, whatever it is', async () => {
    await expectRefused(token)
  })
})

test('an access token is no refresh token', async () => {
  const { accessToken } = await start()
  expect((await refresh(accessToken)).statusCode).toBeGreaterThanOrEqual(400)
})

test('nobody refreshes a login of a disabled account', async () => {
  const { user, refreshToken } = await start()
  await app.auth.users.update(user.id, { disabledAt: new Date() })
  await expectRefused(refreshToken)
})

test('the database has no refresh token, only what nobody can turn into one', async () => {
  const { refreshToken } = await start()
  const { rows } = await app.db.execute('SELECT * FROM auth_refresh_tokens')
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(refreshToken.slice(3))
})

describe('logging out', () => {
  test('ends the login at once: access token, refresh token, and no other login', async () => {
    const { user, accessToken, refreshToken } = await start()
    const other = await loginOf(app, user)
    // Both are known to be good by now.
    expect((await me(app, accessToken)).statusCode).toBe(200)
    expect((await me(app, other.accessToken)).statusCode).toBe(200)
    expect((await post(app, '/logout', undefined, accessToken)).statusCode).toBe(204)
    expectProblem(await me(app, accessToken), 401, 'unauthorized')
    await expectRefused(refreshToken)
    expect((await me(app, other.accessToken)).statusCode).toBe(200)
  })

  test('everywhere ends all logins of the user, and none of others', async () => {
    const { user, accessToken } = await start()
    const other = await loginOf(app, user)
    const stranger = await start()
    expect((await me(app, other.accessToken)).statusCode).toBe(200)
    expect((await post(app, '/logout-everywhere', undefined, accessToken)).statusCode).toBe(204)
    expectProblem(await me(app, accessToken), 401, 'unauthorized')
    expectProblem(await me(app, other.accessToken), 401, 'unauthorized')
    await expectRefused(other.refreshToken)
    expect((await me(app, stranger.accessToken)).statusCode).toBe(200)
  })

  test('while requests with the token are under way ends it for all that come later', async () => {
    const { accessToken } = await start()
    const early = Array.from({ length: 5 }, () => me(app, accessToken))
    await post(app, '/logout', undefined, accessToken)
    expectProblem(await me(app, accessToken), 401, 'unauthorized')
    await Promise.all(early)
    expectProblem(await me(app, accessToken), 401, 'unauthorized')
  })
})

test('AUTH_CACHE_TTL: what another process revokes ends when that time has passed', async () => {
  const { user, accessToken } = await start()
  expect((await me(app, accessToken)).statusCode).toBe(200)
  await app.auth.users.update(user.id, { disabledAt: new Date() })
  later(29)
  expect((await me(app, accessToken)).statusCode).toBe(200)
  later(2)
  expectProblem(await me(app, accessToken), 401, 'unauthorized')
})

test('AUTH_CACHE_TTL=0 asks each time', async () => {
  const strict = await testApp({ AUTH_CACHE_TTL: '0' })
  const user = await newUser(strict)
  const { accessToken } = await loginOf(strict, user)
  expect((await me(strict, accessToken)).statusCode).toBe(200)
  await strict.auth.users.update(user.id, { disabledAt: new Date() })
  expectProblem(await me(strict, accessToken), 401, 'unauthorized')
  await strict.close()
})
