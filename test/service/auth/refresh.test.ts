import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { testApp } from '../../support/app.ts'
import { LogLines } from '../../support/log.ts'
import { expectProblem } from '../../support/problem.ts'
import { loginOf, me, newUser, post } from '../../support/users.ts'
import { partsOf } from '../support/forge.ts'

// Refresh tokens: replayed, used in parallel, after the session has ended, and with other clocks.

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ AUTH_REFRESH_TOKEN_TTL: '3600' })
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

test('a replay is logged once, with the session and the user', async () => {
  const log = new LogLines()
  const logged = await testApp({ LOG_LEVEL: 'warn' }, { logStream: log })
  const user = await newUser(logged)
  const { refreshToken, accessToken } = await loginOf(logged, user)
  const session = partsOf(accessToken).payload.sid
  await refresh(refreshToken, logged)
  later(11)
  for (let times = 0; times < 3; times += 1) await expectRefused(refreshToken, logged)
  const lines = log.with('refresh token used twice, session ended')
  expect(lines).toMatchObject([{ level: 'warn', session, user: user.id }])
  expect(JSON.stringify(log.lines)).not.toContain(refreshToken.slice(3))
  await logged.close()
})

test('an older token of the chain ends the session too', async () => {
  const first = await start()
  const second = (await refresh(first.refreshToken)).json()
  const third = (await refresh(second.refreshToken)).json()
  later(11)
  await expectRefused(first.refreshToken)
  await expectRefused(third.refreshToken)
})

test('another session of the same user goes on', async () => {
  const first = await start()
  const other = await loginOf(app, first.user)
  await refresh(first.refreshToken)
  later(11)
  await expectRefused(first.refreshToken)
  expect((await me(app, other.accessToken)).statusCode).toBe(200)
  expect((await refresh(other.refreshToken)).statusCode).toBe(200)
})

test('two parallel refreshes give one answer, and the session goes on', async () => {
  const { refreshToken } = await start()
  const responses = await Promise.all([refresh(refreshToken), refresh(refreshToken)])
  expect(responses.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401])
  const winner = responses.find(({ statusCode }) => statusCode === 200)?.json()
  expect((await refresh(winner.refreshToken)).statusCode).toBe(200)
})

test('twenty parallel refreshes give one answer', async () => {
  const { refreshToken } = await start()
  const responses = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)))
  expect(responses.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
})

test('refreshing does not make a session last longer', async () => {
  const { refreshToken } = await start()
  later(3_000)
  const { refreshToken: next, accessToken } = (await refresh(refreshToken)).json()
  later(601)
  await expectRefused(next)
  expectProblem(await me(app, accessToken), 401, 'unauthorized')
})

describe.each(['rt_unknown', '', 'rt_', "' OR 1=1 --", '\u0000'])('%j', (token) => {
  test('is refused as a refresh token', async () => {
    await expectRefused(token)
  })
})

test('an access token is not a refresh token', async () => {
  const { accessToken } = await start()
  expect((await refresh(accessToken)).statusCode).toBeGreaterThanOrEqual(400)
})

test('a session of a deactivated account is not refreshed', async () => {
  const { user, refreshToken } = await start()
  await app.db.execute(`UPDATE auth_users SET disabled_at = now() WHERE id = '${user.id}'`)
  await expectRefused(refreshToken)
})

test('the database holds no refresh token, only fingerprints', async () => {
  const { refreshToken } = await start()
  const { rows } = await app.db.execute('SELECT * FROM auth_refresh_tokens')
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(refreshToken.slice(3))
})

test('logging out holds for all later requests, while earlier ones are in flight', async () => {
  const { accessToken } = await start()
  const early = Array.from({ length: 5 }, () => me(app, accessToken))
  await post(app, '/logout', undefined, accessToken)
  expectProblem(await me(app, accessToken), 401, 'unauthorized')
  await Promise.all(early)
  expectProblem(await me(app, accessToken), 401, 'unauthorized')
})

test('a session that ends while it is refreshed stays ended', async () => {
  const { refreshToken } = await start()
  const [refreshed] = await Promise.all([
    refresh(refreshToken),
    post(app, '/logout', { refreshToken }),
  ])
  const next = refreshed.statusCode === 200 ? refreshed.json().refreshToken : refreshToken
  await expectRefused(next)
})

test('what another process revokes is noticed within ten seconds', async () => {
  const { user, accessToken } = await start()
  expect((await me(app, accessToken)).statusCode).toBe(200)
  await app.auth.users.update(user.id, { disabledAt: new Date() })
  later(9)
  expect((await me(app, accessToken)).statusCode).toBe(200)
  later(2)
  expectProblem(await me(app, accessToken), 401, 'unauthorized')
})
