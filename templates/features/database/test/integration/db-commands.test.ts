import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCli } from '../../src/cli/program.ts'
import { loadConfig } from '../../src/config/index.ts'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'

// The commands on a database with nothing in it, and with the migrations of the service.

let database: TestDatabase

beforeEach(async () => {
  database = await emptyDatabase()
})
afterEach(() => database.drop())

async function db(...args: string[]) {
  const output = { stdout: '', stderr: '' }
  const exitCode = await runCli(['db', ...args], {
    io: {
      stdout: { write: (text) => (output.stdout += text) },
      stderr: { write: (text) => (output.stderr += text) },
    },
    env: {},
    config: () => loadConfig({ NODE_ENV: 'test' }),
    database: database.client,
  })
  return { exitCode, ...output }
}

async function json(...args: string[]) {
  return JSON.parse((await db(...args, '--json')).stdout)
}

test('status and migrate: what was pending is applied, in its order and once', async () => {
  const before = await json('status')
  expect(before.database).toBe(database.client.kind)
  const ids = before.migrations.map(({ id }: { id: string }) => id)
  expect(before.migrations.every(({ state }: { state: string }) => state === 'pending')).toBe(true)

  expect(await json('migrate')).toEqual({ applied: ids })
  const after = await json('status')
  expect(after.migrations).toHaveLength(ids.length)
  expect(after.migrations.every(({ state }: { state: string }) => state === 'applied')).toBe(true)

  expect(await db('migrate')).toEqual({ exitCode: 0, stdout: 'Nothing to apply.\n', stderr: '' })
  const text = await db('status')
  expect(text.exitCode).toBe(0)
  for (const id of ids) expect(text.stdout).toContain(id)
})

test('rollback: nothing was applied, so nothing is taken back', async () => {
  expect(await db('rollback')).toMatchObject({ exitCode: 0, stdout: 'Nothing to take back.\n' })
  expect(await json('downgrade', '--steps', '2')).toEqual({ rolledBack: [] })
})

test.each(['0', '-1', 'x'])('rollback --steps=%s is wrong usage', async (steps) => {
  const { exitCode, stderr } = await db('rollback', `--steps=${steps}`)
  expect(exitCode).toBe(2)
  expect(stderr).toContain('It must be 1 or more.')
})
