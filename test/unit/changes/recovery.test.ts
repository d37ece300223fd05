import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { held } from '../../../src/changes/claims.ts'
import { commit } from '../../../src/changes/commit.ts'
import { findUnfinished, recover } from '../../../src/changes/recovery.ts'
import type { FileChange } from '../../../src/model/change.ts'
import { diskAt } from '../../../src/system/disk.ts'
import { type DiskCall, killedAt, withDiskCalls } from '../../faults/disk-calls.ts'
import { temporaryFolder, treeOf, writeTree } from '../../support/tree.ts'

const history = '.create-service/history'
const files = { 'a.ts': 'a', 'b.ts': 'b', 'd.ts': 'd' }
const done = { 'a.ts': 'A', 'b.ts': 'B', 'c.ts': 'C' }

function setUp(): { root: string; changes: readonly FileChange[] } {
  const root = temporaryFolder()
  writeTree(root, files)
  const snap = (path: string) => {
    const found = diskAt(root).read(path)
    if (found === undefined) throw new Error(`${path} is missing`)
    return found
  }
  const changes: readonly FileChange[] = [
    { kind: 'update', path: 'a.ts', before: snap('a.ts'), after: 'A' },
    { kind: 'update', path: 'b.ts', before: snap('b.ts'), after: 'B' },
    { kind: 'create', path: 'c.ts', after: 'C' },
    { kind: 'delete', path: 'd.ts', before: snap('d.ts') },
  ]
  return { root, changes }
}

/** A project in which a process died after it had moved the first file. */
async function interrupted(): Promise<string> {
  const { root, changes } = setUp()
  let count = 0
  let at = 0
  const watch = ({ isWrite, to }: DiskCall) => {
    if (isWrite) count += 1
    if (to?.endsWith('/b.ts')) at = count
  }
  await withDiskCalls(root, watch, () => commit(root, changes))
  const again = setUp()
  await killedAt(again.root, at, () => commit(again.root, again.changes))
  held.clear()
  expect(treeOf(again.root)['a.ts']).toBe('A')
  return again.root
}

const beside = (root: string, pattern: RegExp) =>
  readdirSync(root).find((name) => pattern.test(name)) ?? ''

describe('an unfinished journal', () => {
  it('is finished by the next command, once', async () => {
    const root = await interrupted()
    expect(await recover(root)).toMatch(/interrupted while it wrote.*finished/)
    expect(treeOf(root)).toEqual(done)
    expect(readdirSync(root).sort()).toEqual(['a.ts', 'b.ts', 'c.ts'])
    expect(await recover(root)).toBe(undefined)
  })

  it('is finished by a commit that comes upon it', async () => {
    const root = await interrupted()
    await commit(root, [{ kind: 'create', path: 'e.ts', after: 'E' }])
    expect(treeOf(root)).toEqual({ ...done, 'e.ts': 'E' })
  })

  it('is told of by a command that only looks, and left', async () => {
    const root = await interrupted()
    const before = treeOf(root)
    const names = readdirSync(join(root, history))
    expect(await findUnfinished(root)).toMatchObject({
      code: 'UNFINISHED',
      file: `${history}/journal.json`,
    })
    expect(treeOf(root)).toEqual(before)
    expect(readdirSync(join(root, history))).toEqual(names)
  })

  it('is finished after its project was moved, and without its claim', async () => {
    const root = await interrupted()
    const claim = readdirSync(join(root, history)).find((name) => name.endsWith('.lock')) ?? ''
    rmSync(join(root, history, claim))
    const moved = join(temporaryFolder(), 'moved')
    spawnSync('mv', [root, moved])
    await recover(moved)
    expect(treeOf(moved)).toEqual(done)
  })

  it.each(['b.ts', 'c.ts', 'd.ts'])(
    'stops at %s when somebody changed it, and keeps and names both',
    async (path) => {
      const root = await interrupted()
      rmSync(join(root, path), { force: true })
      writeFileSync(join(root, path), 'mine')
      const before = treeOf(root)
      const pattern = new RegExp(`^\\.${path}\\..*-${path === 'd.ts' ? 'old' : 'new'}~$`)
      const side = beside(root, pattern)
      await expect(recover(root)).rejects.toMatchObject({
        exitCode: 3,
        refusals: [
          {
            code: 'UNFINISHED',
            file: path,
            candidates: [join(root, path), join(root, side)],
            hint: expect.stringContaining(`delete ${join(root, side)}`),
          },
        ],
      })
      expect(treeOf(root)).toEqual(before)

      // Whoever deletes our side keeps his; the rest goes on.
      rmSync(join(root, side))
      expect(await recover(root)).toMatch(/finished/)
      expect(treeOf(root)).toEqual({ ...done, [path]: 'mine' })
    },
  )

  it('goes on when somebody took our side himself', async () => {
    const root = await interrupted()
    writeFileSync(join(root, 'b.ts'), 'mine')
    await expect(recover(root)).rejects.toThrow(/b\.ts was changed/)
    spawnSync('mv', [join(root, beside(root, /^\.b\.ts\..*-new~$/)), join(root, 'b.ts')])
    await recover(root)
    expect(treeOf(root)).toEqual(done)
  })

  it('stops when our text is gone, and says how to go on', async () => {
    const root = await interrupted()
    rmSync(join(root, beside(root, /^\.b\.ts\..*-new~$/)))
    await expect(recover(root)).rejects.toMatchObject({
      code: 'UNFINISHED',
      hint: expect.stringContaining(`delete ${history}/journal.json`),
    })
    rmSync(join(root, history, 'journal.json'))
    expect(await recover(root)).toMatch(/removed/)
    expect(readdirSync(root).sort()).toEqual(['a.ts', 'b.ts', 'd.ts'])
  })

  it.each(['{', '{"version":2}', '{"version":1,"id":"ab","entries":[{}],"folders":[]}'])(
    'that reads %s is refused',
    async (text) => {
      const { root } = setUp()
      writeTree(root, { [`${history}/journal.json`]: text })
      await expect(recover(root)).rejects.toMatchObject({ code: 'BROKEN_RECORD' })
    },
  )

  it.each(['../x.ts', '/etc/x', 'a/../../x', 'out/x.ts'])('may not reach %s', async (path) => {
    const { root } = setUp()
    spawnSync('ln', ['-s', temporaryFolder(), join(root, 'out')])
    const entries = [{ path, after: 'x' }]
    const text = JSON.stringify({ version: 1, id: 'ab', entries, folders: [] })
    writeTree(root, { [`${history}/journal.json`]: text })
    await expect(recover(root)).rejects.toMatchObject({ code: 'BROKEN_RECORD' })
  })
})

describe('a folder of records in which nothing is left over', () => {
  it('stays as it is', async () => {
    const { root } = setUp()
    writeTree(root, { [`${history}/runs.json`]: '{}', [`${history}/.gitignore`]: '*\n' })
    expect(await recover(root)).toBe(undefined)
    expect(await findUnfinished(root)).toBe(undefined)
    expect(readdirSync(join(root, history)).sort()).toEqual(['.gitignore', 'runs.json'])
  })
})
