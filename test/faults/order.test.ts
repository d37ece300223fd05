import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commit } from '../../src/changes/commit.ts'
import { recover } from '../../src/changes/recovery.ts'
import { temporaryFolder } from '../support/tree.ts'
import { type DiskCall, withDiskCalls } from './disk-calls.ts'
import { makeProject } from './scenario.ts'

async function recordedCommit(): Promise<{ root: string; calls: readonly DiskCall[] }> {
  const root = temporaryFolder()
  const changes = makeProject(root)
  const calls: DiskCall[] = []
  await withDiskCalls(
    root,
    (call) => calls.push(call),
    () => commit(root, changes),
  )
  return { root, calls }
}

const { root, calls } = await recordedCommit()
const history = join(root, '.create-service/history')
const isTemporary = (path: string) => path.endsWith('-new~')
const isBackup = (path: string) => path.endsWith('-old~')
const isClaim = (path: string) => path.endsWith('.lock')

/** Where the first such call stands; the test fails where there is none. */
function first(is: (call: DiskCall) => boolean, from = 0): number {
  const index = calls.findIndex((call, at) => at >= from && is(call))
  expect(index, is.toString()).toBeGreaterThanOrEqual(0)
  return index
}

function last(is: (call: DiskCall) => boolean): number {
  const index = calls.findLastIndex(is)
  expect(index, is.toString()).toBeGreaterThanOrEqual(0)
  return index
}

const isSyncOf = (path: string) => (call: DiskCall) =>
  /^fsync(Sync)?$/.test(call.name) && call.path === path
const commitPoint = first(
  ({ name, to }) => name === 'renameSync' && to === join(history, 'journal.json'),
)
const journalGone = first(
  ({ name, path }) => name === 'unlinkSync' && path === join(history, 'journal.json'),
)
const temporaries = calls.filter(({ name, path }) => name === 'openSync' && isTemporary(path))
const targets = calls
  .slice(commitPoint + 1, journalGone)
  .filter(({ name, path }) => name === 'renameSync' || (name === 'unlinkSync' && !isBackup(path)))
const touched = new Set(targets.map(({ path }) => dirname(path)))

describe('the calls of a commit', () => {
  it('say first, on the disk, what is going to be made', () => {
    const claimed = last(({ name, path }) => name === 'fsyncSync' && isClaim(path))
    const named = first(isSyncOf(history), claimed)
    const lines = calls.filter(({ name, path }) => name === 'writeFileSync' && isClaim(path))
    expect(lines.length).toBe(2)
    const makes = ({ name, path, isWrite }: DiskCall) =>
      (name === 'mkdirSync' && !path.includes('.create-service')) ||
      (isWrite && (isTemporary(path) || isBackup(path)))
    expect(first(makes)).toBeGreaterThan(named)
  })

  it('write and sync every temporary, then the names, before the journal', () => {
    expect(temporaries.length).toBe(16)
    for (const { path } of temporaries) {
      const own = calls.filter((call) => call.path === path && call.isWrite).map(({ name }) => name)
      expect(own.filter((name) => !/^fch/.test(name)).slice(0, 4)).toEqual([
        'openSync',
        'writeFileSync',
        'fsync',
        'closeSync',
      ])
      const synced = first(isSyncOf(path))
      expect(first(isSyncOf(dirname(path)), synced)).toBeLessThan(commitPoint)
    }
    const backups = calls.filter(({ name }) => name === 'linkSync')
    expect(backups.length).toBe(11)
    for (const backup of backups) {
      const synced = first(isSyncOf(dirname(backup.to ?? '')), calls.indexOf(backup))
      expect(synced).toBeLessThan(commitPoint)
    }
  })

  it('compare every file again between the last temporary and the journal', () => {
    const staged = last(({ name, path }) => name === 'openSync' && isTemporary(path))
    const reads = calls
      .slice(staged, commitPoint)
      .filter(({ name }) => name === 'lstatSync')
      .map(({ path }) => path.slice(root.length + 1))
    expect(reads).toEqual(
      expect.arrayContaining(['src/a.ts', 'old/x.ts', 'real/linked.ts', 'src/new.ts']),
    )
  })

  it('write and sync the journal, rename it, sync its folder, and only then touch a target', () => {
    const draft = calls[commitPoint]?.path ?? ''
    const own = calls.filter(({ path, isWrite }) => path === draft && isWrite)
    expect(own.map(({ name }) => name).slice(0, 6)).toEqual([
      'openSync',
      'writeFileSync',
      'fchmodSync',
      'fsyncSync',
      'closeSync',
      'renameSync',
    ])
    const durable = first(isSyncOf(history), commitPoint)
    expect(targets.length).toBe(20)
    for (const target of targets) expect(calls.indexOf(target)).toBeGreaterThan(durable)
    const paths = calls
      .slice(0, durable)
      .filter(({ name }) => /^(rename|unlink|rmdir)/.test(name))
      .map(({ path }) => basename(path))
    expect(paths).toEqual([basename(draft)])
  })

  it('sync every folder that was touched before the journal goes, and the second names after it', () => {
    const moved = calls.indexOf(targets.at(-1) ?? { name: '', path: '', isWrite: false })
    for (const folder of touched) {
      expect(first(isSyncOf(folder), moved), folder).toBeLessThan(journalGone)
    }
    const removed = first(({ name, path }) => name === 'unlinkSync' && isBackup(path))
    expect(removed).toBeGreaterThan(first(isSyncOf(history), journalGone))
    const released = first(({ name, path }) => name === 'unlinkSync' && isClaim(path))
    expect(released).toBeGreaterThan(
      last(({ name, path }) => name === 'unlinkSync' && isBackup(path)),
    )
  })
})

describe('where nothing was interrupted', () => {
  it('a recovery looks once or twice, and writes nothing', async () => {
    const seen: DiskCall[] = []
    await withDiskCalls(
      root,
      (call) => seen.push(call),
      () => recover(root),
    )
    expect(seen.length).toBeLessThanOrEqual(2)
    expect(seen.filter(({ isWrite }) => isWrite)).toEqual([])
  })
})
