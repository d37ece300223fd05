import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { testApp } from '../support/app.ts'
import { post, withStuckLogins } from '../support/users.ts'

// The commands on the database of a service that runs beside them.

const password = 'correct horse battery'

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp({ AUTH_CACHE_TTL: '0' })
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

function login(email: string, secret: string) {
  return post(app, '/login', { email, password: secret })
}

test('create: a password that is not given is made up, printed once, and good', async () => {
  const made = await json(['create', 'Ada@Example.com', '--role', 'admin', 'editor'])
  expect(made).toMatchObject({ email: 'ada@example.com', roles: ['admin', 'editor'] })
  expect(made.password).toMatch(/^\w{20}$/)
  expect((await login('ada@example.com', made.password)).statusCode).toBe(200)
  const [listed] = await json(['list'])
  expect(listed).toMatchObject({ id: made.id, tier: 'standard', disabledAt: null })
  expect(listed).not.toHaveProperty('password')
  expect(JSON.stringify(listed)).not.toContain('scrypt')
})

test('create: a password from the standard input is taken, and not printed', async () => {
  const { exitCode, stdout } = await users(
    ['create', 'ada@example.com', '--password-stdin'],
    `${password}\n`,
  )
  expect(exitCode).toBe(0)
  expect(stdout).not.toContain(password)
  expect((await login('ada@example.com', password)).statusCode).toBe(200)
})

test.each([
  ['short', ['create', 'ada@example.com', '--password-stdin'], '12 to 128 characters'],
  ['', ['create', 'ada@example.com', '--password-stdin'], '12 to 128 characters'],
  [password, ['create', 'ada', '--password-stdin'], 'ada is no e-mail address'],
  [password, ['disable', 'ada@example.com'], 'There is no account ada@example.com.'],
  [password, ['enable', '01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'], 'There is no account 01932c07'],
])('%j to %j is refused', async (input, args, reason) => {
  const { exitCode, stdout, stderr } = await users(args, input)
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain(reason)
})

test('create: an address that is taken, in other letters too', async () => {
  await users(['create', 'ada@example.com'])
  const { exitCode, stderr } = await users(['create', 'ADA@example.com'])
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'There is an account ADA@example.com already.\n',
  })
})

test('a password is no option: other users of the machine could read it', async () => {
  const { exitCode } = await users(['create', 'ada@example.com', '--password', password])
  expect(exitCode).toBe(2)
})

test('disable and enable: nobody gets in, and old logins do not come back', async () => {
  const { id } = await json(['create', 'ada@example.com', '--password-stdin'], password)
  const { refreshToken } = (await login('ada@example.com', password)).json()
  expect((await json(['disable', 'ada@example.com'])).disabledAt).not.toBeNull()
  expect((await users(['list'])).stdout).toMatch(/ada@example.com {2}- {2}disabled\n$/)
  expect((await login('ada@example.com', password)).statusCode).toBe(401)
  expect((await json(['enable', id])).disabledAt).toBeNull()
  expect((await login('ada@example.com', password)).statusCode).toBe(200)
  expect((await post(app, '/refresh', { refreshToken })).statusCode).toBe(401)
})

test('set-password: the old one and old logins are good no more', async () => {
  await users(['create', 'ada@example.com', '--password-stdin'], password)
  const { refreshToken } = (await login('ada@example.com', password)).json()
  const { stdout } = await users(['set-password', 'ada@example.com'])
  const [, other = ''] = /Password, shown once: (\w+)\n/.exec(stdout) ?? []
  expect((await login('ada@example.com', password)).statusCode).toBe(401)
  expect((await login('ada@example.com', other)).statusCode).toBe(200)
  expect((await post(app, '/refresh', { refreshToken })).statusCode).toBe(401)
})

test.each([
  ['disable', []],
  ['set-password', ['--password-stdin']],
])('%s changes nothing if the logins cannot be ended', async (command, options) => {
  await users(['create', 'ada@example.com', '--password-stdin'], password)
  const args = [command, 'ada@example.com', ...options]
  const { exitCode } = await withStuckLogins(app, () => users(args, 'another good password'))
  expect(exitCode).toBe(1)
  expect((await login('ada@example.com', password)).statusCode).toBe(200)
})

test('revoke-keys: all keys of the account end, and none of others', async () => {
  const keys: string[] = []
  const accounts = await Promise.all([
    json(['create', 'ada@example.com']),
    json(['create', 'bob@example.com']),
  ])
  for (const { id } of accounts) {
    const key = { name: 'robot', scopes: [], days: 1 }
    keys.push((await app.auth.keys.create({ userId: id }, key)).text)
  }
  const [{ id }] = accounts
  expect(await json(['revoke-keys', 'ada@example.com'])).toEqual({ id, revoked: 1 })
  const answers = await Promise.all(
    keys.map((key) => app.inject({ url: '/api/v1/auth/me', headers: { 'x-api-key': key } })),
  )
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 200])
  expect((await users(['revoke-keys', id])).stdout).toBe(`${id}  API keys: 0 revoked\n`)
})

test('roles and permissions are added, removed and shown', async () => {
  await users(['create', 'ada@example.com', '--role', 'editor'])
  const roles = (...args: string[]) => json(['roles', 'ada@example.com', ...args])
  expect(await roles('--add', 'admin', 'editor')).toMatchObject({ roles: ['admin', 'editor'] })
  expect(await roles('--remove', 'editor')).toMatchObject({ roles: ['admin'] })
  expect(await roles()).toMatchObject({ roles: ['admin'] })
  const granted = await json(['permissions', 'ada@example.com', '--add', 'orders:read'])
  expect(granted).toMatchObject({ roles: ['admin'], permissions: ['orders:read'] })
  expect((await users(['list'])).stdout).toContain('ada@example.com  admin,orders:read\n')
})

test('list: without accounts it says so', async () => {
  expect((await users(['list'])).stdout).toBe('There are no accounts.\n')
})
