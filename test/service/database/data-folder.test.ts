import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FolderInUseError, openPglite } from '../../../src/db/embedded.ts'
import { runCommand } from '../../support/console.ts'
import { newDataFolder } from '../../support/data-folder.ts'

const built = (path: string) => new URL(`../../../dist-test/${path}`, import.meta.url).href

/** A service that writes a row, listens, and reports it. */
const script = `
  import { buildApp } from '${built('app.js')}'
  import { loadConfig } from '${built('config/index.js')}'
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: process.argv[1] }
  const app = await buildApp(loadConfig({ ...env, MIGRATE_ON_START: 'true' }))
  await app.db.execute('CREATE TABLE data_folder_test (text text)')
  await app.db.execute("INSERT INTO data_folder_test VALUES ('kept')")
  await app.listen({ port: 0 })
  console.log('listening')`

let folder = ''
let server: ReturnType<typeof start>

function start() {
  const args = ['--input-type=module', '-e', script, folder]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

beforeAll(async () => {
  folder = await newDataFolder()
  server = start()
  await once(server.stdout, 'data')
})
afterAll(async () => {
  server.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

const db = (...args: string[]) => runCommand(['db', ...args], { DATA_DIR: folder })

test('the running server runs the commands of others, several at a time', async () => {
  const [status, migrate, seed, unknown] = await Promise.all([
    db('status', '--json'),
    db('migrate'),
    db('seed'),
    db('nonsense'),
  ])
  expect(status.exitCode).toBe(0)
  expect(JSON.parse(status.stdout)).toMatchObject({ database: 'pglite' })
  expect(migrate).toEqual({ exitCode: 0, stdout: 'Nothing to apply.\n', stderr: '' })
  expect(seed).toMatchObject({ exitCode: 0, stderr: '' })
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nonsense') })
})

test('nobody else opens the folder meanwhile', async () => {
  await expect(openPglite(folder)).rejects.toThrow(`in use by process ${server.pid}.`)
})

test('after SIGKILL the data is there, and the folder is free', async () => {
  server.kill('SIGKILL')
  await once(server, 'exit')
  const client = await openPglite(folder)
  expect(await client.query('SELECT text FROM data_folder_test')).toEqual([{ text: 'kept' }])

  const refused = await db('status')
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain(new FolderInUseError(folder, process.pid).message)
  await client.close()
  expect((await db('status')).exitCode).toBe(0)
})
