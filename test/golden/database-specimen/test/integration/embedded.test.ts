import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  FolderInUseError,
  type FolderLock,
  lockFolder,
  type RunCommand,
  runInServer,
} from '../../src/db/embedded.ts'

let folder = ''
let lock: FolderLock

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-'))
  lock = await lockFolder(folder)
})
afterEach(async () => {
  await lock.release()
  await rm(folder, { recursive: true })
})

async function call(args: string[], input = '') {
  const output = { stdout: '', stderr: '' }
  const exitCode = await runInServer(
    folder,
    { args, input },
    {
      stdout: { write: (text: string) => (output.stdout += text) },
      stderr: { write: (text: string) => (output.stderr += text) },
    },
  )
  return { exitCode, ...output }
}

const echo: RunCommand = async ({ args, input = '' }, { stdout, stderr }) => {
  stdout.write(`${args.join(' ')}${input}\n`)
  stderr.write('ä "quoted"\n')
  return 3
}

test('refuses a second holder and names the process of the first', async () => {
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError)
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}.`)
  await lock.release()
  lock = await lockFolder(folder)
})

test('runs a command in the process that has the folder', async () => {
  lock.serveCommands(echo)
  expect(await call(['db', 'status'], ' "ö"')).toEqual({
    exitCode: 3,
    stdout: 'db status "ö"\n',
    stderr: 'ä "quoted"\n',
  })
})

test('reports a command that throws', async () => {
  lock.serveCommands(async () => {
    throw new Error('broken')
  })
  expect(await call(['db'])).toEqual({ exitCode: 1, stdout: '', stderr: 'Error: broken\n' })
})

test('runs no command if the holder is not a server, or is closing', async () => {
  await expect(call(['db'])).rejects.toThrow(FolderInUseError)
  const stop = lock.serveCommands(echo)
  await stop()
  await expect(call(['db'])).rejects.toThrow(FolderInUseError)
})

test('leaves the command to the caller if nobody has the folder', async () => {
  await lock.release()
  expect((await call(['db'])).exitCode).toBeUndefined()
})
