import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { withDatabase } from '../../src/db/cli.ts'
import type { DatabaseClient } from '../../src/db/client.ts'
import { runCommand } from '../support/console.ts'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'
import { neededEnv } from '../support/environment.ts'

// The commands on an empty database, with the migrations of the service.

let database: TestDatabase

beforeEach(async () => {
  database = await emptyDatabase()
})
afterEach(() => database.drop())

async function db(args: string[], env: Env = { NODE_ENV: 'test' }) {
  const output = { stdout: '', stderr: '' }
  const exitCode = await runCli(['db', ...args], {
    io: {
      stdout: { write: (text) => (output.stdout += text) },
      stderr: { write: (text) => (output.stderr += text) },
    },
    env,
    config: () => loadConfig(env),
    database: database.client,
  })
  return { exitCode, ...output }
}

async function json(...args: string[]) {
  return JSON.parse((await db([...args, '--json'])).stdout)
}

test('db migrate applies what db status lists as pending', async () => {
  const before = await json('status')
  expect(before.database).toBe(database.client.kind)
  const ids = before.migrations.map(({ id }: { id: string }) => id)
  expect(before.migrations.every(({ state }: { state: string }) => state === 'pending')).toBe(true)

  expect(await json('migrate')).toEqual({ applied: ids })
  const after = await json('status')
  expect(after.migrations).toHaveLength(ids.length)
  expect(after.migrations.every(({ state }: { state: string }) => state === 'applied')).toBe(true)

  expect(await db(['migrate'])).toEqual({ exitCode: 0, stdout: 'Nothing to apply.\n', stderr: '' })
  const text = await db(['status'])
  for (const id of ids) expect(text.stdout).toContain(id)
})

test('a command that needs a table which is not there yet names `db migrate`', async () => {
  const context = { io: process, env: {}, config: () => loadConfig({ NODE_ENV: 'test' }) }
  const read = async ({ db }: DatabaseClient) => {
    await db.execute('SELECT * FROM not_there')
  }
  await expect(
    withDatabase({ ...context, database: database.client }, new Command(), read),
  ).rejects.toThrow(
    '"not_there" does not exist. If a migration is pending, run `db migrate` first.',
  )
})

test('db rollback does nothing if nothing was applied', async () => {
  expect(await db(['rollback'])).toMatchObject({ exitCode: 0, stdout: 'Nothing to roll back.\n' })
  expect(await json('downgrade', '--steps', '2')).toEqual({ rolledBack: [] })
})

test.each(['0', '-1', 'x'])('db rollback refuses --steps=%s', async (steps) => {
  const { exitCode, stderr } = await db(['rollback', `--steps=${steps}`])
  expect(exitCode).toBe(2)
  expect(stderr).toContain('It must be a whole number from 1 to 999999.')
})

test('db check and db status name applied migrations that changed or are missing', async () => {
  await db(['migrate'])
  const ids = (await json('status')).migrations.map(({ id }: { id: string }) => id)
  await database.client.query("UPDATE schema_migrations SET checksum = ''")
  const gone = '20990101000000_gone'
  const insert = 'INSERT INTO schema_migrations (id, checksum) VALUES'
  await database.client.query(`${insert} ('${gone}', '')`)
  const { exitCode, stdout } = await db(['check'])
  expect(exitCode).toBe(1)
  expect(stdout).toContain(`${gone} was applied, and its files are missing`)
  for (const id of ids) expect(stdout).toContain(`${id} was changed after it was applied`)
  expect((await db(['status'])).stdout).toContain(`missing  ${gone}`)
})

test('db rows counts the rows of a table', async () => {
  await db(['migrate'])
  const { migrations } = await json('status')
  const expected = { table: 'schema_migrations', rows: migrations.length }
  expect(await json('rows', 'schema_migrations')).toEqual(expected)
  const { exitCode, stderr } = await db(['rows', 'a; DROP TABLE b'])
  expect(stderr).toContain('does not exist')
  expect(exitCode).toBe(1)
})

test('db seed can be repeated', async () => {
  await db(['migrate'])
  for (let run = 0; run < 2; run += 1) {
    const { exitCode, stdout } = await db(['seed'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Inserted the example data.\n' })
  }
})

test('db seed refuses production without --force', async () => {
  const production = { ...neededEnv, NODE_ENV: 'production' }
  expect(await db(['seed'], production)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('--force'),
  })
  await db(['migrate'])
  expect((await db(['seed', '--force'], production)).exitCode).toBe(0)
})

test('a command in production names DATABASE_URL if it is not set', async () => {
  const env = { ...neededEnv, NODE_ENV: 'production', DATABASE_URL: '' }
  for (const command of ['migrate', 'status', 'seed']) {
    const { exitCode, stderr } = await runCommand(['db', command], env)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('DATABASE_URL is not set')
  }
})

test('a command names the server that refuses the connection, and no password', async () => {
  const env = { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/app' }
  for (const command of ['migrate', 'status']) {
    const { exitCode, stderr } = await runCommand(['db', command], env)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^Cannot use PostgreSQL at 127\.0\.0\.1:1\/app: .*ECONNREFUSED/)
  }
})
