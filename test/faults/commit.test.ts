import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commit } from '../../src/changes/commit.ts'
import type { FileChange, FileSnap } from '../../src/model/change.ts'
import { diskAt } from '../../src/system/disk.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'
import { type DiskCall, withDiskCalls } from './disk-calls.ts'

const before = { 'a.txt': 'a', 'old/b.txt': 'b', 'c.txt': 'c' }
const after = { 'a.txt': 'A', 'c.txt': 'c', 'new/deep/d.txt': 'D', 'new/e.txt': 'E' }

function snap(root: string, path: string): FileSnap {
  const found = diskAt(root).read(path)
  if (found === undefined) throw new Error(`${path} is missing`)
  return found
}

function update(root: string, path: string, text: string): FileChange {
  return { kind: 'update', path, before: snap(root, path), after: text }
}

function setUp(): { root: string; changes: readonly FileChange[] } {
  const root = temporaryFolder()
  writeTree(root, before)
  const changes: readonly FileChange[] = [
    update(root, 'a.txt', 'A'),
    { kind: 'create', path: 'new/deep/d.txt', after: 'D' },
    { kind: 'create', path: 'new/e.txt', after: 'E' },
    { kind: 'delete', path: 'old/b.txt', before: snap(root, 'old/b.txt') },
  ]
  return { root, changes }
}

describe('commit', () => {
  it('writes everything, and leaves no folder behind that it emptied or needed', async () => {
    const { root, changes } = setUp()
    await commit(root, changes)
    expect(treeOf(root)).toEqual(after)
    expect(readdirSync(root).sort()).toEqual(['a.txt', 'c.txt', 'new'])
  })

  it('leaves the local records where they hold more, out of git', async () => {
    const { root } = setUp()
    const path = '.create-service/history/runs.json'
    await commit(root, [{ kind: 'create', path, after: '{}' }])
    const folder = join(root, '.create-service/history')
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'runs.json'])
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('*\n')
  })

  it('makes the folder of a new project; a failed one takes it away again', async () => {
    const parent = temporaryFolder()
    const root = join(parent, 'a/b')
    const create: FileChange = { kind: 'create', path: 'src/x.ts', after: 'x' }
    const noRename = ({ name, to }: DiskCall) => {
      if (name === 'renameSync' && to?.endsWith('x.ts')) throw new Error('no')
    }
    const failing = withDiskCalls(parent, noRename, () => commit(root, [create]))
    await expect(failing).rejects.toMatchObject({ code: 'WRITE_FAILED' })
    expect(readdirSync(parent)).toEqual([])
    await commit(root, [create])
    expect(treeOf(parent)).toEqual({ 'a/b/src/x.ts': 'x' })
  })

  it('keeps the mode of a file, whatever the process masks', async () => {
    const { root } = setUp()
    chmodSync(join(root, 'a.txt'), 0o664)
    await commit(root, [update(root, 'a.txt', 'A')])
    expect(statSync(join(root, 'a.txt')).mode & 0o777).toBe(0o664)
  })

  it.runIf(process.getuid?.() === 0)('keeps the owner of a file', async () => {
    const { root } = setUp()
    chownSync(join(root, 'a.txt'), 1234, 2345)
    await commit(root, [update(root, 'a.txt', 'A')])
    expect(statSync(join(root, 'a.txt'))).toMatchObject({ uid: 1234, gid: 2345 })
  })

  it('works in a project that is reached by a link', async () => {
    const { root, changes } = setUp()
    const link = join(temporaryFolder(), 'project')
    symlinkSync(root, link)
    await commit(link, changes)
    expect(treeOf(root)).toEqual(after)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })
})

describe('a file that somebody else touches', () => {
  it.each([
    ['changed since it was read', 'a.txt'],
    ['appeared where one is to be created', 'new/e.txt'],
  ])('is refused when it %s', async (_what, path) => {
    const { root, changes } = setUp()
    writeTree(root, { [path]: 'somebody else' })
    const written: string[] = []
    const watch = (call: DiskCall) => {
      if (call.isWrite) written.push(call.path)
    }
    const committing = withDiskCalls(root, watch, () => commit(root, changes))
    await expect(committing).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE', exitCode: 3 })
    expect(written.filter((file) => file.endsWith('~'))).toEqual([])
    expect(treeOf(root)).toEqual({ ...before, [path]: 'somebody else' })
  })

  it('is refused too when it changes while the temporaries are written', async () => {
    const { root, changes } = setUp()
    let isEdited = false
    const edit = ({ name, path }: DiskCall) => {
      if (isEdited || name !== 'linkSync' || !path.endsWith('b.txt')) return
      isEdited = true
      writeFileSync(join(root, 'a.txt'), 'somebody else')
    }
    const committing = withDiskCalls(root, edit, () => commit(root, changes))
    await expect(committing).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' })
    expect(treeOf(root)).toEqual({ ...before, 'a.txt': 'somebody else' })
    expect(readdirSync(root).sort()).toEqual(['a.txt', 'c.txt', 'old'])
  })
})

describe('a link', () => {
  it('is written through to its target', async () => {
    const { root } = setUp()
    writeTree(root, { 'real/f.txt': 'f' })
    symlinkSync('real/f.txt', join(root, 'link.txt'))
    await commit(root, [update(root, 'link.txt', 'F')])
    expect(readFileSync(join(root, 'real/f.txt'), 'utf8')).toBe('F')
    expect(lstatSync(join(root, 'link.txt')).isSymbolicLink()).toBe(true)
  })

  it('goes by itself when its name is deleted', async () => {
    const { root } = setUp()
    symlinkSync('a.txt', join(root, 'link.txt'))
    await commit(root, [{ kind: 'delete', path: 'link.txt', before: snap(root, 'link.txt') }])
    expect(treeOf(root)).toEqual(before)
    expect(readdirSync(root)).not.toContain('link.txt')
  })

  it('may not lead out of the project, as a file or as a folder', async () => {
    const { root } = setUp()
    const outside = temporaryFolder()
    writeTree(outside, { 'f.txt': 'f' })
    symlinkSync(join(outside, 'f.txt'), join(root, 'file.txt'))
    symlinkSync(outside, join(root, 'folder'))
    const inside: FileChange = { kind: 'create', path: 'folder/new.txt', after: 'x' }
    for (const change of [update(root, 'file.txt', 'F'), inside]) {
      await expect(commit(root, [change])).rejects.toThrow(/leads out of the project/)
    }
    expect(treeOf(outside)).toEqual({ 'f.txt': 'f' })
    expect(readdirSync(root)).not.toContain('.create-service')
  })

  it('may not make one file of two that are written', async () => {
    const { root } = setUp()
    symlinkSync('a.txt', join(root, 'link.txt'))
    const both = [update(root, 'a.txt', 'A'), update(root, 'link.txt', 'B')]
    await expect(commit(root, both)).rejects.toThrow(/written twice/)
    expect(treeOf(root)).toEqual(before)
  })

  it('that leads to nothing is not replaced', async () => {
    const { root } = setUp()
    symlinkSync('nothing', join(root, 'broken.txt'))
    const change: FileChange = { kind: 'create', path: 'broken.txt', after: 'x' }
    await expect(commit(root, [change])).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' })
    expect(lstatSync(join(root, 'broken.txt')).isSymbolicLink()).toBe(true)
  })

  it('to the folder of a file is followed', async () => {
    const { root } = setUp()
    mkdirSync(join(root, 'real'))
    symlinkSync('real', join(root, 'linked'))
    await commit(root, [{ kind: 'create', path: 'linked/deep/x.txt', after: 'x' }])
    expect(readFileSync(join(root, 'real/deep/x.txt'), 'utf8')).toBe('x')
  })
})
