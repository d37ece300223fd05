import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { testApp } from '../support/app.ts'
import { keyOf, password, post } from '../support/users.ts'

// The commands, on the database of a service that runs beside them.

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp()
})

beforeEach(async () => {
  await app.db.execute('DELETE FROM auth_users')
})

afterAll(() => app.close())

async function users(args: string[], input?: string) {
  const output = { stdout: '', stderr: '' }
  const exitCode = await runCli(['users', ...args], {
    io: {
      stdout: { write: (text) => (output.stdout += text) },
      stderr: { write: (text) => (output.stderr += text) },
    },
    env: {},
    config: () => app.config,
    ...(input !== undefined && { readInput: async () => input }),
    ...(app.overrides.database && { database: app.overrides.database }),
  })
  return { exitCode, ...output }
}

async function json(args: string[], input?: string) {
  const { stdout, stderr } = await users([...args, '--json'], input)
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const login = (email: string, secret: string) => post(app, '/login', { email, password: secret })

test('create makes up a password and prints it once', async () => {
  const created = await json(['create', 'Ada@Example.com', '--role', 'admin', 'editor'])
  expect(created).toMatchObject({ email: 'ada@example.com', roles: ['admin', 'editor'] })
  expect(created.password).toMatch(/^[\w-]{20}$/)
  expect((await login('ada@example.com', created.password)).statusCode).toBe(200)
  const [listed] = await json(['list'])
  expect(listed).toMatchObject({ id: created.id, tier: 'standard', disabledAt: null })
  expect(listed).not.toHaveProperty('password')
  expect(JSON.stringify(listed)).not.toContain('scrypt')
})

test('create takes a password from the standard input and does not print it', async () => {
  const args = ['create', 'ada@example.com', '--password-stdin']
  const { exitCode, stdout } = await users(args, `${password}\n`)
  expect(exitCode).toBe(0)
  expect(stdout).toContain('ada@example.com  user\n')
  expect(stdout).not.toContain(password)
  expect((await login('ada@example.com', password)).statusCode).toBe(200)
})

test.each([
  ['short', ['create', 'ada@example.com', '--password-stdin'], '12 to 128 characters'],
  ['', ['create', 'ada@example.com', '--password-stdin'], '12 to 128 characters'],
  [password, ['create', 'ada', '--password-stdin'], "ada isn't an e-mail address"],
  [password, ['disable', 'ada@example.com'], 'There is no account ada@example.com.'],
  [password, ['enable', '01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'], 'There is no account 01932c07'],
])('explains why it refuses %j to %j', async (input, args, reason) => {
  const { exitCode, stdout, stderr } = await users(args, input)
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain(reason)
})

test('create refuses an address that is taken', async () => {
  await users(['create', 'ada@example.com'])
  const { exitCode, stderr } = await users(['create', 'ADA@example.com'])
  const reason = 'There is already an account ADA@example.com.\n'
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: reason })
})

test('takes no password as an option, which other users of the machine could read', async () => {
  const { exitCode } = await users(['create', 'ada@example.com', '--password', password])
  expect(exitCode).toBe(2)
})

test('disable ends sessions and keys for good; enable lets the user log in again', async () => {
  const { id } = await json(['create', 'ada@example.com', '--password-stdin'], password)
  const { refreshToken } = (await login('ada@example.com', password)).json()
  const headers = await keyOf(app, await json(['list', id]))
  expect((await json(['disable', 'ada@example.com'])).disabledAt).not.toBeNull()
  expect((await users(['list'])).stdout).toMatch(/ada@example.com {2}user {2}disabled\n$/)
  expect((await login('ada@example.com', password)).statusCode).toBe(401)
  expect((await json(['enable', id])).disabledAt).toBeNull()
  expect((await login('ada@example.com', password)).statusCode).toBe(200)
  expect((await post(app, '/refresh', { refreshToken })).statusCode).toBe(401)
  expect((await app.inject({ url: '/api/v1/auth/me', headers })).statusCode).toBe(401)
})

test('set-password replaces the password and ends the sessions', async () => {
  await users(['create', 'ada@example.com', '--password-stdin'], password)
  const { refreshToken } = (await login('ada@example.com', password)).json()
  const { stdout } = await users(['set-password', 'ada@example.com'])
  const [, other = ''] = /Password, shown once: ([\w-]+)\n/.exec(stdout) ?? []
  expect((await login('ada@example.com', password)).statusCode).toBe(401)
  expect((await login('ada@example.com', other)).statusCode).toBe(200)
  expect((await post(app, '/refresh', { refreshToken })).statusCode).toBe(401)
})

test('list shows one account, and disable spares the last admin', async () => {
  const { id } = await json(['create', 'ada@example.com', '--role', 'admin'])
  await json(['create', 'bob@example.com'])
  expect(await json(['list', 'ADA@example.com'])).toMatchObject({ id })
  const { exitCode, stderr } = await users(['disable', id])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'This is the last active admin: make another one first.\n',
  })
})

test('roles and permissions adds, removes and shows them', async () => {
  await users(['create', 'ada@example.com', '--role', 'editor'])
  const roles = (...args: string[]) => json(['roles', 'ada@example.com', ...args])
  expect(await roles('--add', 'admin', 'editor')).toMatchObject({ roles: ['admin', 'editor'] })
  expect(await roles('--remove', 'editor')).toMatchObject({ roles: ['admin'] })
  expect(await roles()).toMatchObject({ roles: ['admin'] })
  const granted = await json(['permissions', 'ada@example.com', '--add', 'orders:read'])
  expect(granted).toMatchObject({ roles: ['admin'], permissions: ['orders:read'] })
  expect((await users(['list'])).stdout).toContain('ada@example.com  admin,orders:read\n')
})

test('list says so when there are no accounts', async () => {
  expect((await users(['list'])).stdout).toBe('There are no accounts.\n')
  expect(await json(['list'])).toEqual([])
})
