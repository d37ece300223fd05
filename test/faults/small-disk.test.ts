import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { held } from '../../src/changes/claims.ts'
import { commit } from '../../src/changes/commit.ts'
import { findUnfinished, recover } from '../../src/changes/recovery.ts'
import { temporaryFolder } from '../support/tree.ts'
import { type DiskCall, killedAt, withDiskCalls } from './disk-calls.ts'
import { makeProject, stateOf } from './scenario.ts'

const disk = temporaryFolder()
// A page is 4096 bytes; every file takes one at least.
const pages = 120
const isMounted = mount('-t', 'tmpfs', '-o', `size=${pages * 4}k`, 'tmpfs', disk)
if (!isMounted) {
  process.stderr.write('Left out: a small disk, because mounting is not allowed here.\n')
}

function mount(...args: readonly string[]): boolean {
  return spawnSync('mount', args).status === 0
}

function project(name: string): { root: string; changes: ReturnType<typeof makeProject> } {
  const root = join(disk, name)
  mkdirSync(root)
  return { root, changes: makeProject(root) }
}

describe.runIf(isMounted)('on a disk of half a megabyte', () => {
  let old: ReturnType<typeof stateOf>
  let next: ReturnType<typeof stateOf>

  beforeAll(async () => {
    const { root, changes } = project('first')
    old = stateOf(root)
    await commit(root, changes)
    next = stateOf(root)
    rmSync(root, { recursive: true })
  })

  afterAll(() => {
    spawnSync('umount', [disk])
  })

  it('a commit happens, or it takes nothing, however little is free', async () => {
    const ends: boolean[] = []
    for (let free = 0; free <= 60; free += 2) {
      const { root, changes } = project('project')
      fillUp(free)
      const isDone = await commit(root, changes).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'ENOSPC', hint: /as they were/ })
          return false
        },
      )
      expect(stateOf(root), `${free} pages free`).toEqual(isDone ? next : old)
      ends.push(isDone)
      for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true })
    }
    // Too little first, enough from some point on.
    expect(ends).toEqual(ends.toSorted())
    expect(new Set(ends).size).toBe(2)
  })

  it('what was interrupted waits while nothing can be written, and is finished then', async () => {
    const { root, changes } = project('project')
    await diedInTheMiddle(root, changes)
    const before = stateOf(root)
    mount('-o', 'remount,ro', disk)
    await expect(recover(root)).rejects.toMatchObject({ code: 'READ_ONLY', exitCode: 3 })
    expect(await findUnfinished(root)).toMatchObject({ code: 'UNFINISHED' })
    expect(stateOf(root)).toEqual(before)
    mount('-o', 'remount,rw', disk)
    await recover(root)
    expect(stateOf(root)).toEqual(next)
    rmSync(root, { recursive: true })
  })
})

/** Leaves so many pages of the disk. */
function fillUp(free: number): void {
  const file = join(disk, 'filler')
  const page = Buffer.alloc(4096, 'x')
  try {
    for (;;) writeFileSync(file, page, { flag: 'a' })
  } catch {
    // Full.
  }
  spawnSync('truncate', ['-s', `-${free * 4096}`, file])
}

async function diedInTheMiddle(root: string, changes: ReturnType<typeof makeProject>) {
  const other = project('other')
  let writes = 0
  let moved = 0
  const watch = ({ isWrite, to }: DiskCall) => {
    if (isWrite) writes += 1
    if (to?.endsWith('/src/new.ts')) moved = writes
  }
  await withDiskCalls(other.root, watch, () => commit(other.root, other.changes))
  rmSync(other.root, { recursive: true })
  await killedAt(root, moved, () => commit(root, changes))
  held.clear()
}
