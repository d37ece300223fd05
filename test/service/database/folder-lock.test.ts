import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderInUseError, lockFolder } from '../../../src/db/embedded.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

const lockModule = new URL('../../../dist-test/db/embedded.js', import.meta.url).href

const script = `import { lockFolder } from '${lockModule}'
  await lockFolder(process.argv[1]).then(() => console.log('held'), (e) => console.log(e.name))`

/** Another process that takes the lock and keeps it. */
async function otherHolder() {
  const args = ['--input-type=module', '-e', `${script}\nsetInterval(() => {}, 1000)`, folder]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [answer] = await once(child.stdout, 'data')
  return { child, answer: String(answer).trim() }
}

test('a killed holder leaves nothing in the way', async () => {
  const { child, answer } = await otherHolder()
  expect(answer).toBe('held')
  await expect(lockFolder(folder)).rejects.toThrow(`process ${child.pid}.`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await lockFolder(folder)
  expect(await readdir(join(folder, 'lock'))).toHaveLength(2)
  await lock.release()
})

test('a leftover with the id of a running process is not a holder', async () => {
  await (await lockFolder(folder)).release()
  await symlink(`${process.pid}-0badcafe.sock`, join(folder, 'lock', '7'))
  const lock = await lockFolder(folder)
  expect(await readdir(join(folder, 'lock'))).toContain('8')
  await lock.release()
})

test.each([1, 2, 3])('one of twenty contenders gets a free folder, round %i', async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)))
  const held = results.filter((result) => result.status === 'fulfilled')
  expect(held).toHaveLength(1)
  const reasons = results.flatMap((it) => (it.status === 'rejected' ? [it.reason] : []))
  for (const reason of reasons) expect(reason).toBeInstanceOf(FolderInUseError)
  const sockets = (await readdir(join(folder, 'lock'))).filter((name) => name.endsWith('.sock'))
  expect(sockets).toHaveLength(1)
  await held[0]?.value.release()
})

test('one of several processes gets the folder of a killed one', async () => {
  const { child } = await otherHolder()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const others = await Promise.all(Array.from({ length: 4 }, otherHolder))
  expect(others.filter(({ answer }) => answer === 'held')).toHaveLength(1)
  for (const other of others) {
    other.child.kill('SIGKILL')
    await once(other.child, 'exit')
  }
})

test('only this user may connect', async () => {
  const lock = await lockFolder(folder)
  const socket = (await readdir(join(folder, 'lock'))).find((name) => name.endsWith('.sock'))
  expect((await stat(join(folder, 'lock'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'lock', socket ?? ''))).mode & 0o777).toBe(0o600)
  await lock.release()
})

test('release closes open connections', async () => {
  const lock = await lockFolder(folder)
  const name = (await readdir(join(folder, 'lock'))).find((it) => it.endsWith('.sock')) ?? ''
  const socket = connect(join(folder, 'lock', name)).on('error', () => {})
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  await lock.release()
  await closed
})

test('a path that is too long for a socket is refused', async () => {
  const deep = join(folder, 'd'.repeat(60), 'e'.repeat(60))
  await expect(lockFolder(deep)).rejects.toThrow('too long for a socket')
})

test('the path from the working directory is taken if it is shorter', async () => {
  const deep = join(folder, 'd'.repeat(60), 'e'.repeat(60))
  await mkdir(deep, { recursive: true })
  const args = ['--input-type=module', '-e', script, join(deep, 'data')]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: deep })
  expect(stdout).toBe('held\n')
})
