import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { commit } from '../../src/changes/commit.ts'
import type { FileChange } from '../../src/model/change.ts'
import { diskAt } from '../../src/system/disk.ts'
import * as writing from '../../src/system/writing.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

vi.mock('../../src/system/writing.ts', { spy: true })

afterEach(() => vi.resetAllMocks())

const before = { 'a.txt': 'a', 'old/b.txt': 'b', 'c.txt': 'c' }
const after = { 'a.txt': 'A', 'c.txt': 'c', 'new/deep/d.txt': 'D', 'new/e.txt': 'E' }

function setUp(): { root: string; changes: readonly FileChange[] } {
  const root = temporaryFolder()
  writeTree(root, before)
  const snap = (path: string) => {
    const found = diskAt(root).read(path)
    if (found === undefined) throw new Error(`${path} is missing`)
    return found
  }
  const changes: readonly FileChange[] = [
    { kind: 'update', path: 'a.txt', before: snap('a.txt'), after: 'A' },
    { kind: 'create', path: 'new/deep/d.txt', after: 'D' },
    { kind: 'create', path: 'new/e.txt', after: 'E' },
    { kind: 'delete', path: 'old/b.txt', before: snap('old/b.txt') },
  ]
  return { root, changes }
}

type Call = (...args: unknown[]) => unknown

/** Lets one call of one function that writes fail as on a full disk. */
async function failAt(
  name: 'writeDurably' | 'rename' | 'removeFile' | 'makeFolder' | 'keepBackup',
  failing: number,
  until = failing,
): Promise<void> {
  const actual = await vi.importActual<Record<string, Call>>('../../src/system/writing.ts')
  const { writeDurably, rename, removeFile, makeFolder, keepBackup } = writing
  const spy = { writeDurably, rename, removeFile, makeFolder, keepBackup }[name]
  let calls = 0
  vi.mocked(spy as Call).mockImplementation((...args) => {
    calls += 1
    if (calls >= failing && calls <= until)
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    return actual[name]?.(...args)
  })
}

describe('commit', () => {
  it('writes everything, and removes a folder that it emptied', async () => {
    const { root, changes } = setUp()
    await commit(root, changes, diskAt(root))
    expect(treeOf(root)).toEqual(after)
    expect(readdirSync(root).sort()).toEqual(['a.txt', 'c.txt', 'new'])
  })

  it.each([
    ['the first temporary', 'writeDurably', 1],
    ['the last temporary', 'writeDurably', 3],
    ['the first rename', 'rename', 1],
    ['the last rename', 'rename', 3],
    ['a deletion', 'removeFile', 1],
    ['a folder', 'makeFolder', 2],
    ['a backup', 'keepBackup', 2],
  ] as const)('takes everything back when %s fails', async (_what, name, failing) => {
    const { root, changes } = setUp()
    await failAt(name, failing)
    await expect(commit(root, changes, diskAt(root))).rejects.toMatchObject({
      code: 'ENOSPC',
      hint: expect.stringContaining('as they were'),
    })
    expect(treeOf(root)).toEqual(before)
    expect(readdirSync(root).sort()).toEqual(['a.txt', 'c.txt', 'old'])
  })

  it('takes everything back on a disk that stays full', async () => {
    const { root, changes } = setUp()
    await failAt('rename', 2, 2)
    await failAt('writeDurably', 4, Number.POSITIVE_INFINITY)
    await expect(commit(root, changes, diskAt(root))).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(treeOf(root)).toEqual(before)
  })

  it('keeps the old bytes and names them when it cannot put them back', async () => {
    const { root, changes } = setUp()
    await failAt('rename', 2, Number.POSITIVE_INFINITY)
    const hint = expect.stringContaining('.a.txt.')
    await expect(commit(root, changes, diskAt(root))).rejects.toMatchObject({ hint })
    const backup = readdirSync(root).find((name) => name.endsWith('-old~')) ?? ''
    expect(readFileSync(join(root, backup), 'utf8')).toBe('a')
  })

  it('keeps the mode of a file, whatever the process masks', async () => {
    const { root, changes } = setUp()
    chmodSync(join(root, 'a.txt'), 0o664)
    const snap = diskAt(root).read('a.txt')
    const [update] = changes
    if (snap === undefined || update?.kind !== 'update') throw new Error('a.txt is missing')
    await commit(root, [{ ...update, before: snap }], diskAt(root))
    expect(statSync(join(root, 'a.txt')).mode & 0o777).toBe(0o664)
  })

  it('refuses when a file changed since it was read', async () => {
    const { root, changes } = setUp()
    writeFileSync(join(root, 'a.txt'), 'somebody else')
    await expect(commit(root, changes, diskAt(root))).rejects.toMatchObject({
      code: 'CHANGED_MEANWHILE',
      exitCode: 3,
    })
    expect(treeOf(root)).toEqual({ ...before, 'a.txt': 'somebody else' })
  })

  it('refuses when a file appeared where one is to be created', async () => {
    const { root, changes } = setUp()
    writeTree(root, { 'new/e.txt': 'somebody else' })
    await expect(commit(root, changes, diskAt(root))).rejects.toMatchObject({ exitCode: 3 })
    expect(treeOf(root)).toEqual({ ...before, 'new/e.txt': 'somebody else' })
  })

  it('writes through a link to its target', async () => {
    const { root } = setUp()
    mkdirSync(join(root, 'real'))
    writeFileSync(join(root, 'real/f.txt'), 'f')
    symlinkSync('real/f.txt', join(root, 'link.txt'))
    const linked = diskAt(root).read('link.txt')
    if (linked === undefined) throw new Error('link.txt is missing')
    await commit(
      root,
      [{ kind: 'update', path: 'link.txt', before: linked, after: 'F' }],
      diskAt(root),
    )
    expect(readFileSync(join(root, 'real/f.txt'), 'utf8')).toBe('F')
    expect(readFileSync(join(root, 'link.txt'), 'utf8')).toBe('F')
  })
})
