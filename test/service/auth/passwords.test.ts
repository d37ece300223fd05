import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { passwordHasher } from '../../../src/auth/passwords.ts'
import type { NewUser } from '../../../src/auth/users.ts'
import { testApp } from '../../support/app.ts'
import { expectProblem } from '../../support/problem.ts'
import { keyOf, loginOf, newAccount, password, post } from '../../support/users.ts'
import { withStuckSessions } from '../support/stuck-sessions.ts'

// Passwords that change while someone logs in with the previous one.

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp()
})

afterEach(() => {
  vi.restoreAllMocks()
})

afterAll(() => app.close())

const account = (values: NewUser = {}) => newAccount(app, values)

describe('a login', () => {
  test('succeeds while another login rehashes the password', async () => {
    const { id, email } = await account()
    const { passwords, users } = app.auth
    const verify = passwords.verify.bind(passwords)
    vi.spyOn(passwords, 'verify').mockImplementationOnce(async (...args) => {
      const right = await verify(...args)
      await users.update(id, { passwordHash: await passwords.hash(password) })
      return right
    })
    expect((await post(app, '/login', { email, password })).statusCode).toBe(200)
  })

  test.each<[string, () => Promise<NewUser>]>([
    ['password', async () => ({ passwordHash: await app.auth.passwords.hash('another good one') })],
    ['deactivated account', async () => ({ disabledAt: new Date() })],
  ])('in flight is refused after a change: %s', async (_name, change) => {
    const { id, email } = await account()
    const { passwords, users } = app.auth
    const verify = passwords.verify.bind(passwords)
    vi.spyOn(passwords, 'verify').mockImplementationOnce(async (...args) => {
      const right = await verify(...args)
      await users.update(id, await change())
      return right
    })
    expectProblem(await post(app, '/login', { email, password }), 401, 'unauthorized')
    const { rows } = await app.db.execute(`SELECT FROM auth_sessions WHERE user_id = '${id}'`)
    expect(rows).toHaveLength(0)
  })

  test('that rehashes the password does not undo a change of it', async () => {
    const outdated = await passwordHasher({ logN: 2, r: 8, p: 1 }).hash(password)
    const { id, email } = await account({ passwordHash: outdated })
    const { passwords, users } = app.auth
    const other = await passwords.hash('another good password')
    const hash = passwords.hash.bind(passwords)
    vi.spyOn(passwords, 'hash').mockImplementationOnce(async (word) => {
      await users.update(id, { passwordHash: other })
      return hash(word)
    })
    await post(app, '/login', { email, password })
    expect((await users.get(id))?.passwordHash).toBe(other)
  })
})

test('a login rehashes a password of another cost', async () => {
  const passwordHash = await passwordHasher({ logN: 2, r: 8, p: 1 }).hash(password)
  const { id, email } = await account({ passwordHash })
  expect((await post(app, '/login', { email, password })).statusCode).toBe(200)
  expect((await app.auth.users.get(id))?.passwordHash).toMatch(/^\$scrypt\$ln=4,/)
  expect((await post(app, '/login', { email, password })).statusCode).toBe(200)
})

test('a login deletes expired sessions of anyone', async () => {
  const { id } = await account()
  await app.db.execute(`INSERT INTO auth_sessions (id, user_id, expires_at)
    SELECT gen_random_uuid(), '${id}', now() - interval '1 day' FROM generate_series(1, 3)`)
  await loginOf(app, await account())
  const { rows } = await app.db.execute('SELECT FROM auth_sessions WHERE expires_at < now()')
  expect(rows).toHaveLength(0)
})

test('parallel guesses for one account get no more than ten attempts', async () => {
  const { email } = await account()
  const guess = () => post(app, '/login', { email, password: 'a wrong password' })
  const responses = await Promise.all(Array.from({ length: 30 }, guess))
  const statuses = responses.map(({ statusCode }) => statusCode)
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(20)
})

test.each([
  ['dots', `a@${'.'.repeat(90_000)}@`],
  ['names with dots', `a@${'b.'.repeat(45_000)}@`],
  ['blanks', `${' '.repeat(90_000)}@`],
  ['letters', 'a'.repeat(90_000)],
])('an address of 90 kB of %s is refused quickly', async (_name, email) => {
  const open = await testApp({ AUTH_REGISTRATION_ENABLED: 'true' })
  const start = performance.now()
  const response = await post(open, '/register', { email, password })
  expectProblem(response, 422, 'validation-error')
  expect(performance.now() - start).toBeLessThan(1_000)
  await open.close()
})

describe('a password', () => {
  test('that changes leaves API keys alone', async () => {
    const user = await newAccount(app)
    const { accessToken } = await loginOf(app, user)
    const headers = await keyOf(app, user)
    const body = { currentPassword: password, newPassword: 'another good password' }
    expect((await post(app, '/password', body, accessToken)).statusCode).toBe(204)
    const keyed = await app.inject({ url: '/api/v1/auth/me', headers })
    expect(keyed.json()).toMatchObject({ id: user.id })
  })

  test('stays the same if the other sessions cannot be ended', async () => {
    const user = await account()
    const token = (await loginOf(app, user)).accessToken
    const body = { currentPassword: password, newPassword: 'another good password' }
    const response = await withStuckSessions(app, () => post(app, '/password', body, token))
    expect(response.statusCode).toBe(500)
    const { email } = user
    expect((await post(app, '/login', { email, password })).statusCode).toBe(200)
  })

  test.each<NewUser>([{ passwordHash: 'x' }, { disabledAt: new Date() }])(
    'or account changes with its sessions, or not at all: %j',
    async (values) => {
      const user = await account()
      await loginOf(app, user)
      const { users } = app.auth
      await expect(withStuckSessions(app, () => users.update(user.id, values))).rejects.toThrow()
      expect(await users.get(user.id)).toMatchObject({ ...user })
    },
  )

  test('is not changed with the previous password', async () => {
    const user = await account()
    const token = (await loginOf(app, user)).accessToken
    const { passwords, users } = app.auth
    const other = await passwords.hash('another good password')
    const hash = passwords.hash.bind(passwords)
    vi.spyOn(passwords, 'hash').mockImplementationOnce(async (word) => {
      await users.update(user.id, { passwordHash: other })
      return hash(word)
    })
    const body = { currentPassword: password, newPassword: 'one more good password' }
    expectProblem(await post(app, '/password', body, token), 403, 'forbidden')
    expect((await users.get(user.id))?.passwordHash).toBe(other)
  })
})
