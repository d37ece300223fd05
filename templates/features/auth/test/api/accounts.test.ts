import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { User } from '../../src/auth/auth.model.ts'
import { rolePermissions } from '../../src/auth/roles.ts'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'
import { call, keyOf, loggedIn, newAccount, newUser, password, post } from '../support/users.ts'

let app: FastifyInstance
let admin: User
let headers: Record<string, string>

beforeAll(async () => {
  app = await testApp()
})

beforeEach(async () => {
  await app.db.execute('DELETE FROM auth_users')
  admin = await newUser(app, { roles: ['admin'] })
  headers = await loggedIn(app, admin)
})

afterAll(() => app.close())

const change = (id: string, body: object, by = headers) =>
  call(app, 'PATCH', `/auth/users/${id}`, by, body)

describe('GET /auth/users', () => {
  test('lists accounts page by page, newest first, without hashes', async () => {
    const { id, email } = await newAccount(app)
    const first = await call(app, 'GET', '/auth/users?limit=1', headers)
    const { data, page } = first.json()
    expect(data).toEqual([
      {
        id,
        email,
        issuer: null,
        subject: null,
        roles: ['user'],
        permissions: [],
        tier: 'standard',
        active: true,
        createdAt: expect.stringMatching(/Z$/),
      },
    ])
    expect(first.headers.link).toContain('rel="next"')
    const last = await call(app, 'GET', `/auth/users?limit=1&cursor=${page.next}`, headers)
    expect(last.json()).toMatchObject({ data: [{ id: admin.id }], page: { next: null } })
  })

  test('finds an account by its address', async () => {
    const { id, email } = await newAccount(app)
    const found = await call(app, 'GET', `/auth/users?email=${email.toUpperCase()}`, headers)
    expect(found.json().data).toMatchObject([{ id }])
  })
})

describe('PATCH /auth/users/:id', () => {
  test('deactivates an account: its sessions and keys end at once, and for good', async () => {
    const user = await newAccount(app)
    const credentials = [await loggedIn(app, user), await keyOf(app, user)]
    const statuses = () =>
      Promise.all(
        credentials.map(async (it) => (await call(app, 'GET', '/auth/me', it)).statusCode),
      )
    const login = () => post(app, '/login', { email: user.email, password })
    expect(await statuses()).toEqual([200, 200])
    expect((await change(user.id, { active: false })).json()).toMatchObject({ active: false })
    expect(await statuses()).toEqual([401, 401])
    expect((await login()).statusCode).toBe(401)
    expect((await change(user.id, { active: true })).json()).toMatchObject({ active: true })
    expect(await statuses()).toEqual([401, 401])
    expect((await login()).statusCode).toBe(200)
  })

  test('changes roles and permissions, which count at once', async () => {
    Object.assign(rolePermissions, { editor: ['articles:write'] })
    const user = await newUser(app)
    const credentials = await loggedIn(app, user)
    const rights = async () => {
      const { roles, permissions } = (await call(app, 'GET', '/auth/me', credentials)).json()
      return { roles, permissions }
    }
    expect(await rights()).toEqual({ roles: ['user'], permissions: [] })
    const body = { roles: ['editor'], permissions: ['orders:read'], tier: 'gold' }
    expect((await change(user.id, body)).json()).toMatchObject(body)
    const permissions = ['articles:write', 'orders:read']
    expect(await rights()).toEqual({ roles: ['editor'], permissions })
  })

  test('returns 404 for an unknown account', async () => {
    const unknown = '01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'
    expectProblem(await change(unknown, { tier: 'x' }), 404, 'not-found')
  })

  test('refuses to change the roles of the caller', async () => {
    await newUser(app, { roles: ['admin'] })
    expectProblem(await change(admin.id, { roles: [] }), 409, 'conflict')
  })

  test('refuses to deactivate the last admin', async () => {
    await newUser(app, { roles: ['admin'], disabledAt: new Date() })
    expectProblem(await change(admin.id, { active: false }), 409, 'conflict')
    const other = await newUser(app, { roles: ['admin'] })
    expect((await change(other.id, { roles: [] })).statusCode).toBe(200)
    expectProblem(await change(admin.id, { active: false }), 409, 'conflict')
  })

  test('leaves one of two admins who deactivate each other', async () => {
    const other = await newUser(app, { roles: ['admin'] })
    const credentials = await loggedIn(app, other)
    const responses = await Promise.all([
      change(other.id, { active: false }),
      change(admin.id, { active: false }, credentials),
    ])
    const admins = (await app.auth.users.all()).filter(({ disabledAt }) => disabledAt === null)
    expect(admins).toHaveLength(1)
    expect(responses.map(({ statusCode }) => statusCode)).toContain(200)
  })

  test.each([
    [{}, '#'],
    [{ passwordHash: 'x' }, '#/passwordHash'],
    [{ roles: ['a', 'a'] }, '#/roles'],
    [{ active: 'yes' }, '#/active'],
  ])('returns 422 for %j', async (body, pointer) => {
    const problem = expectProblem(await change(admin.id, body), 422, 'validation-error')
    expect(problem.errors).toMatchObject([{ pointer }])
  })
})
