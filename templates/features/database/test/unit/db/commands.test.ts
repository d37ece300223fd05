import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runInServer } from '../../../src/db/command-client.ts'
import { type RunCommand, serveCommands } from '../../../src/db/command-server.ts'
import { FolderInUseError, type FolderLock, findHolder, lockFolder } from '../../../src/db/lock.ts'

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

const echo: RunCommand = async ({ args, input = '' }, { stdout, stderr }) => {
  stdout.write(`${args.join(' ')}${input}\n`)
  stderr.write('ä "quoted"\n')
  return 3
}

test('output and exit code come back', async () => {
  serveCommands(lock, echo)
  expect(await call('db', 'status')).toEqual({
    exitCode: 3,
    stdout: 'db status\n',
    stderr: 'ä "quoted"\n',
  })
})

test('what the client read goes along', async () => {
  serveCommands(lock, echo)
  const stdout = vi.fn()
  const io = { stdout: { write: stdout }, stderr: { write: vi.fn() } }
  await runInServer(folder, { args: ['users'], input: ' "ö"' }, io)
  expect(stdout).toHaveBeenCalledWith('users "ö"\n')
})

test('several clients are served at the same time', async () => {
  let waiting = 0
  serveCommands(lock, async ({ args: [name = ''] }, { stdout }) => {
    waiting += 1
    await vi.waitUntil(() => waiting === 2)
    stdout.write(name)
    return 0
  })
  const [one, two] = await Promise.all([call('one'), call('two')])
  expect([one.stdout, two.stdout]).toEqual(['one', 'two'])
})

test('the command of a client that hangs up runs to its end', async () => {
  const done = vi.fn()
  const commands = serveCommands(lock, async (_request, { stdout }) => {
    for (let line = 0; line < 50; line += 1) {
      stdout.write('x'.repeat(10_000))
      await new Promise(setImmediate)
    }
    done()
    return 0
  })
  const holder = await findHolder(folder)
  holder?.socket.write('{"args":["db"]}\n')
  await once(holder?.socket ?? process, 'data')
  holder?.socket.destroy()
  await commands.close()
  expect(done).toHaveBeenCalled()
})

test('a command that throws, and a request that is no JSON, fail', async () => {
  serveCommands(lock, async () => {
    throw new Error('broken')
  })
  expect(await call('db')).toEqual({ exitCode: 1, stdout: '', stderr: 'broken\n' })
  const holder = await findHolder(folder)
  holder?.socket.write('nonsense\n')
  expect(String(await once(holder?.socket ?? process, 'data'))).toContain('stderr')
})

test('a holder that is no server takes no commands', async () => {
  await expect(call('db')).rejects.toThrow(FolderInUseError)
  await serveCommands(lock, echo).close()
  await expect(call('db')).rejects.toThrow(FolderInUseError)
})

test('a server that ends before the command did is an error', async () => {
  serveCommands(lock, async (_request, { stdout }) => {
    stdout.write('begun')
    setTimeout(() => lock.release(), 20)
    return new Promise(() => {})
  })
  await expect(call('db')).rejects.toThrow('ended before the command did')
})

test('without a holder there is nobody to ask', async () => {
  await lock.release()
  expect((await call('db')).exitCode).toBeUndefined()
})
