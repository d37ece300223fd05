import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { held } from '../../src/changes/claims.ts'
import { commit } from '../../src/changes/commit.ts'
import { findUnfinished, recover } from '../../src/changes/recovery.ts'
import { someOf, strideOf } from '../support/effort.ts'
import { temporaryFolder } from '../support/tree.ts'
import { fast, killedAt, withDiskCalls } from './disk-calls.ts'
import { makeProject, newFiles, stateOf } from './scenario.ts'

type State = ReturnType<typeof stateOf>

const { first, step } = strideOf('kills', 8)

const home = temporaryFolder()
let old: State
let next: State

function project(): { root: string; changes: ReturnType<typeof makeProject> } {
  const root = mkdtempSync(join(home, 'project-'))
  return { root, changes: makeProject(root) }
}

/** What the process held, nobody holds when it is dead. */
async function dieAt(root: string, at: number, work: () => Promise<unknown>): Promise<boolean> {
  const died = await killedAt(root, at, work)
  held.clear()
  return died
}

/** How many writes some work does. */
async function writesOf(root: string, work: () => Promise<unknown>): Promise<number> {
  let count = 0
  await withDiskCalls(
    root,
    ({ isWrite }) => {
      if (isWrite) count += 1
    },
    work,
  )
  return count
}

beforeAll(async () => {
  const { root, changes } = project()
  old = stateOf(root)
  await fast(root, () => commit(root, changes))
  next = stateOf(root)
})

describe('a commit that is killed', () => {
  it('does what it shall when it is not', () => {
    expect(Object.keys(next)).toContain('added/deep/deeper/h.ts')
    expect(Object.keys(next).filter((path) => /old|gone|create-service|~/.test(path))).toEqual([])
    expect(next['bin/run.sh']).toMatch(/^755 /)
    expect(next['src/linked.ts']).toBe('link to ../real/linked.ts')
    expect(next['real/linked.ts']).toContain('more')
  })

  it('before any of its writes is recovered to the old tree or the new one', async () => {
    const counted = project()
    const writes = await writesOf(counted.root, () => commit(counted.root, counted.changes))
    expect(writes).toBeGreaterThan(150)
    const ends: boolean[] = []
    for (let at = first; at <= writes; at += step) {
      const { root, changes } = project()
      expect(await dieAt(root, at, () => commit(root, changes))).toBe(true)
      const unfinished = await findUnfinished(root)
      await fast(root, () => recover(root))
      const state = stateOf(root)
      const isNew = state['src/a.ts'] === next['src/a.ts']
      expect(state, `killed at ${at}`).toEqual(isNew ? next : old)
      if (unfinished !== undefined) expect(isNew).toBe(true)
      ends.push(isNew)
      rmSync(root, { recursive: true })
    }
    // Old up to the commit point, new from there on.
    expect(ends).toEqual(ends.toSorted())
    expect(ends.filter((isNew) => !isNew).length * step).toBeGreaterThan(90)
    expect(ends.filter((isNew) => isNew).length * step).toBeGreaterThan(40)
  })

  it('leaves of a new project all or nothing', async () => {
    const full = await createdState()
    for (let at = first; ; at += step) {
      const parent = mkdtempSync(join(home, 'parent-'))
      const root = join(parent, 'a/b')
      if (!(await dieAt(parent, at, () => commit(root, newFiles())))) break
      await fast(root, () => recover(root))
      // Only before anything says whose they are, and after, may empty folders stay.
      const state = existsSync(root) ? stateOf(root) : {}
      expect([{}, full], `killed at ${at}`).toContainEqual(state)
      if (Object.keys(state).length === 0 && at > 10) expect(readdirSync(parent)).toEqual([])
      rmSync(parent, { recursive: true })
    }
  })
})

async function createdState(): Promise<State> {
  const root = join(mkdtempSync(join(home, 'parent-')), 'a/b')
  await fast(root, () => commit(root, newFiles()))
  return stateOf(root)
}

describe('a recovery that is killed', () => {
  it.each(someOf('deaths before a recovery', [0.1, 0.45, 0.62, 0.7, 0.8, 0.9, 0.99], 2))(
    'at any write, again and again, after a commit that died at %d',
    async (part) => {
      const counted = project()
      const writes = await writesOf(counted.root, () => commit(counted.root, counted.changes))
      const { root, changes } = project()
      await dieAt(root, Math.floor(writes * part), () => commit(root, changes))
      let rounds = 1
      while (await dieAt(root, rounds, () => recover(root))) rounds += 1
      expect([old, next]).toContainEqual(stateOf(root))
      expect(await recover(root)).toBe(undefined)
    },
  )
})
