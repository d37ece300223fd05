import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderInUseError, findHolder, lockFolder } from '../../../src/db/lock.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

const lockModule = new URL('../../../src/db/lock.ts', import.meta.url).href

/** Another process that takes the lock and keeps it. */
async function otherHolder() {
  const script = `import { lockFolder } from '${lockModule}'
    await lockFolder(process.argv[1]).then(() => console.log('held'), (e) => console.log(e.name))
    setInterval(() => {}, 1000)`
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script, folder]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [answer] = await once(child.stdout, 'data')
  return { child, answer: String(answer).trim() }
}

test('a second holder is refused, and told the process id of the first', async () => {
  const lock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError)
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}.`)
  await lock.release()
  await (await lockFolder(folder)).release()
})

test('a killed holder leaves nothing in the way', async () => {
  const { child, answer } = await otherHolder()
  expect(answer).toBe('held')
  await expect(lockFolder(folder)).rejects.toMatchObject({ pid: child.pid })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await lockFolder(folder)
  expect(await readdir(join(folder, 'lock'))).toHaveLength(2)
  await lock.release()
})

test('a left-over with the id of a living process is no holder', async () => {
  await (await lockFolder(folder)).release()
  await symlink(`${process.pid}-0badcafe.sock`, join(folder, 'lock', '7'))
  const lock = await lockFolder(folder)
  expect(await readdir(join(folder, 'lock'))).toContain('8')
  await lock.release()
})

test('of many that want a free folder, one gets it', async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)))
  const held = results.filter((result) => result.status === 'fulfilled')
  expect(held).toHaveLength(1)
  await held[0]?.value.release()
})

test('only this user may connect', async () => {
  const lock = await lockFolder(folder)
  const socket = (await readdir(join(folder, 'lock'))).find((name) => name.endsWith('.sock'))
  expect((await stat(join(folder, 'lock'))).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'lock', socket ?? ''))).mode & 0o777).toBe(0o600)
  await lock.release()
})

test('release ends open connections', async () => {
  const lock = await lockFolder(folder)
  lock.accept(() => {})
  const holder = await findHolder(folder)
  await lock.release()
  await once(holder?.socket ?? process, 'close')
  expect(await findHolder(folder)).toBeUndefined()
})

test('a path that is too long for a socket is refused', async () => {
  const deep = join(folder, 'd'.repeat(60), 'e'.repeat(60))
  await expect(lockFolder(deep)).rejects.toThrow('too long for a socket')
})

test('the path from the working directory is taken where it is shorter', async () => {
  const script = `import { lockFolder } from '${lockModule}'
    await lockFolder(process.argv[1]).then(() => console.log('held'))`
  const deep = join(folder, 'd'.repeat(60), 'e'.repeat(60))
  await mkdir(deep, { recursive: true })
  const tsx = import.meta.resolve('tsx')
  const args = ['--import', tsx, '--input-type=module', '-e', script, join(deep, 'data')]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: deep })
  expect(stdout).toBe('held\n')
})
