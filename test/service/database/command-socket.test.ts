import { EventEmitter, once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  FolderInUseError,
  type FolderLock,
  lockFolder,
  runInServer,
} from '../../../src/db/embedded.ts'

let folder = ''
let lock: FolderLock

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commands-'))
  lock = await lockFolder(folder)
})
afterEach(async () => {
  await lock.release()
  await rm(folder, { recursive: true })
})

async function call(...args: string[]) {
  const output = { stdout: '', stderr: '' }
  const io = {
    stdout: { write: (text: string) => (output.stdout += text) },
    stderr: { write: (text: string) => (output.stderr += text) },
  }
  const exitCode = await runInServer(folder, { args }, io)
  return { exitCode, ...output }
}

async function rawConnection(): Promise<Socket> {
  const name = (await readdir(join(folder, 'lock'))).find((it) => it.endsWith('.sock')) ?? ''
  const socket = connect(join(folder, 'lock', name)).on('error', () => {})
  await once(socket, 'connect')
  return socket
}

test('several commands run at the same time', async () => {
  let waiting = 0
  lock.serveCommands(async ({ args: [name = ''] }, { stdout }) => {
    waiting += 1
    await vi.waitUntil(() => waiting === 2, { timeout: 20_000 })
    stdout.write(name)
    return 0
  })
  const [one, two] = await Promise.all([call('one'), call('two')])
  expect([one.stdout, two.stdout]).toEqual(['one', 'two'])
})

test('a long output arrives whole', async () => {
  const text = 'ä'.repeat(3_000_000)
  lock.serveCommands(async (_request, { stdout }) => {
    stdout.write(text)
    return 0
  })
  expect((await call('db')).stdout).toBe(text)
})

test('the command of a client that hangs up runs to its end', async () => {
  const events = new EventEmitter()
  const started = once(events, 'started')
  const done = vi.fn()
  const stop = lock.serveCommands(async (_request, { stdout }) => {
    events.emit('started')
    await once(events, 'hung up')
    stdout.write('x'.repeat(500_000))
    done()
    return 0
  })
  const socket = await rawConnection()
  socket.end('{"args":["db"]}')
  await started
  socket.destroy()
  events.emit('hung up')
  await stop()
  expect(done).toHaveBeenCalled()
})

test('a request that is not JSON is answered with an error', async () => {
  lock.serveCommands(async () => 0)
  const socket = await rawConnection()
  socket.end('nonsense')
  const [answer] = await once(socket, 'data')
  expect(JSON.parse(String(answer))).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('SyntaxError'),
  })
  socket.destroy()
})

test('a server that ends before the command is an error', async () => {
  lock.serveCommands(() => {
    setImmediate(() => lock.release())
    return new Promise(() => {})
  })
  await expect(call('db')).rejects.toThrow(FolderInUseError)
})
