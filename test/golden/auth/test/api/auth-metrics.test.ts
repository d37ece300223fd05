import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testApp } from '../support/app.ts'
import { measured } from '../support/metrics.ts'
import { call, keyOf, loggedIn, loginOf, me, newAccount, password, post } from '../support/users.ts'

let app: FastifyInstance

beforeEach(async () => {
  app = await testApp({ AUTH_REGISTRATION_ENABLED: 'true' })
})

afterEach(() => {
  vi.useRealTimers()
  return app.close()
})

const attempts = (method: string, result: string) =>
  measured(app, 'auth_attempts_total', { method, result })

test('logins count by their result', async () => {
  const { email } = await newAccount(app)
  await post(app, '/login', { email, password })
  await post(app, '/login', { email, password: 'another password' })
  await post(app, '/login', { email: 'nobody@example.com', password })
  expect(await attempts('password', 'success')).toBe(1)
  expect(await attempts('password', 'failure')).toBe(2)
  expect(await measured(app, 'user_actions_total', { action_type: 'log_in' })).toBe(1)
  expect(await measured(app, 'user_sessions_active')).toBe(1)
})

test('refresh tokens, API keys and registrations count', async () => {
  const account = await newAccount(app)
  const { refreshToken } = await loginOf(app, account)
  await post(app, '/refresh', { refreshToken })
  await post(app, '/refresh', { refreshToken: 'rt_unknown' })
  await call(app, 'GET', '/auth/me', await keyOf(app, account))
  await call(app, 'GET', '/auth/me', { 'x-api-key': 'ak_unknown' })
  for (const method of ['refresh_token', 'api_key']) {
    expect(await attempts(method, 'success'), method).toBe(1)
    expect(await attempts(method, 'failure'), method).toBe(1)
  }
  await post(app, '/register', { email: 'new@example.com', password })
  const source = 'registration'
  expect(await measured(app, 'user_registrations_total', { source })).toBe(1)
})

test('access tokens count by what is wrong with them', async () => {
  const { accessToken } = await loginOf(app, await newAccount(app))
  await me(app, accessToken)
  await me(app, accessToken)
  await me(app, 'not a token')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
  await me(app, accessToken)
  const metric = (result: string) => measured(app, 'auth_token_validations_total', { result })
  expect(await metric('valid')).toBe(1)
  expect(await metric('invalid')).toBe(1)
  expect(await metric('expired')).toBe(1)
  expect(await measured(app, 'auth_token_cache_hits_total', { result: 'hit' })).toBe(1)
})

test('checks of roles and permissions count, and callers show by their kind', async () => {
  app.get('/stock', { config: { access: { permission: 'stock:read' } } }, async () => ({}))
  const user = await newAccount(app, { permissions: ['stock:read'] })
  await app.inject({ url: '/stock', headers: await loggedIn(app, user) })
  await app.inject({ url: '/stock', headers: await keyOf(app, user, ['stock:read']) })
  await app.inject({ url: '/stock', headers: await keyOf(app, user) })
  await call(app, 'GET', '/auth/users', await loggedIn(app, user))
  const checks = (permission: string, result: string) =>
    measured(app, 'permission_checks_total', { permission, result })
  expect(await checks('stock:read', 'granted')).toBe(2)
  expect(await checks('stock:read', 'denied')).toBe(1)
  expect(await checks('role:admin', 'denied')).toBe(1)
  for (const [user_type, count] of Object.entries({ user: 1, api_key: 2, anonymous: 0 })) {
    const labels = { http_route: '/stock', user_type }
    expect(await measured(app, 'api_endpoint_calls_total', labels), user_type).toBe(count)
  }
})
