import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { hashPassword } from '../../src/auth/password.ts'
import type { NewUser } from '../../src/auth/user.repository.ts'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import {
  loginOf,
  me,
  newAccount,
  password,
  post,
  tokenFor,
  withStuckLogins,
} from '../support/users.ts'

// Passwords that change, also while somebody logs in with the one before.

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
  test('succeeds though another one gives the password a new hash meanwhile', async () => {
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
    ['account that is disabled', async () => ({ disabledAt: new Date() })],
  ])('that is under way comes to nothing after a change: %s', async (_name, change) => {
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

  test('that makes the hash anew undoes no change of the password', async () => {
    const outdated = await hashPassword(password, { logN: 2, r: 8, p: 1 })
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

describe('a password', () => {
  test('is changed by who knows it; other logins end, this one and keys go on', async () => {
    const user = await account()
    const here = await loginOf(app, user)
    const there = await loginOf(app, user)
    const { text } = await app.auth.keys.create(
      { userId: user.id },
      { name: 'robot', scopes: [], days: 1 },
    )
    expect((await me(app, there.accessToken)).statusCode).toBe(200)
    const body = { currentPassword: password, newPassword: 'another good password' }
    expect((await post(app, '/password', body, here.accessToken)).statusCode).toBe(204)
    expect((await me(app, here.accessToken)).statusCode).toBe(200)
    expectProblem(await me(app, there.accessToken), 401, 'unauthorized')
    const keyed = await app.inject({ url: '/api/v1/auth/me', headers: { 'x-api-key': text } })
    expect(keyed.json()).toMatchObject({ id: user.id })
    const { email } = user
    expect((await post(app, '/login', { email, password })).statusCode).toBe(401)
    const login = await post(app, '/login', { email, password: body.newPassword })
    expect(login.statusCode).toBe(200)
  })

  test('is not changed if the other logins cannot be ended', async () => {
    const user = await account()
    const token = await tokenFor(app, user)
    const body = { currentPassword: password, newPassword: 'another good password' }
    const response = await withStuckLogins(app, () => post(app, '/password', body, token))
    expect(response.statusCode).toBe(500)
    const { email } = user
    expect((await post(app, '/login', { email, password })).statusCode).toBe(200)
  })

  test('is not changed by who knew the one before', async () => {
    const user = await account()
    const token = await tokenFor(app, user)
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

  test('is not changed by who does not know it', async () => {
    const token = await tokenFor(app, await account())
    const body = { currentPassword: 'a guess of mine', newPassword: 'another good password' }
    expectProblem(await post(app, '/password', body, token), 403, 'forbidden')
  })
})
