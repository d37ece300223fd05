import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { commit } from '../../src/changes/commit.ts'
import { recover } from '../../src/changes/recovery.ts'
import { strideOf } from '../support/effort.ts'
import { temporaryFolder } from '../support/tree.ts'
import { type DiskCall, fast, withDiskCalls } from './disk-calls.ts'
import { makeProject, stateOf } from './scenario.ts'

type State = ReturnType<typeof stateOf>

const { first, step } = strideOf('calls that fail', 8)

const home = temporaryFolder()
let old: State
let next: State

function project(): { root: string; changes: ReturnType<typeof makeProject> } {
  const root = mkdtempSync(join(home, 'project-'))
  return { root, changes: makeProject(root) }
}

beforeAll(async () => {
  const { root, changes } = project()
  old = stateOf(root)
  await fast(root, () => commit(root, changes))
  next = stateOf(root)
})

function fault(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code })
}

/** Makes the calls that `concerns` names fail, from the one at `from` to the one at `until`. */
function failing(
  code: string,
  concerns: (call: DiskCall) => boolean,
  from: number,
  until = from,
): { readonly before: (call: DiskCall) => void; count(): number } {
  let count = 0
  return {
    count: () => count,
    before: (call) => {
      if (!concerns(call)) return
      count += 1
      if (count >= from && count <= until) throw fault(code)
    },
  }
}

const takesSpace = ({ name, isWrite }: DiskCall) =>
  isWrite && /^(open|writeFile|fsync|mkdir|link|copyFile)/.test(name)

async function attempt(
  root: string,
  before: (call: DiskCall) => void,
  work: () => Promise<unknown>,
) {
  return withDiskCalls(root, before, work).then(
    () => undefined,
    (error: unknown) => error as Error & { code?: string; hint?: string; exitCode?: number },
  )
}

describe('a commit in which one call fails', () => {
  it.each<[string, (call: DiskCall) => boolean]>([
    ['EIO', () => true],
    ['ENOSPC', takesSpace],
    ['EXDEV', ({ name }) => name === 'renameSync' || name === 'linkSync'],
  ])('with %s is taken back at once, or done', async (code, concerns) => {
    for (let at = first; ; at += step) {
      const { root, changes } = project()
      const { before, count } = failing(code, concerns, at)
      const error = await attempt(root, before, () => commit(root, changes))
      if (count() < at) break
      const isNew = stateOf(root)['src/a.ts'] === next['src/a.ts']
      if (error !== undefined)
        expect(error, `call ${at}`).toMatchObject({ code, hint: /as they were/ })
      expect(isNew, `call ${at}`).toBe(error === undefined)
      await fast(root, () => recover(root))
      expect(stateOf(root), `call ${at}`).toEqual(isNew ? next : old)
      rmSync(root, { recursive: true })
    }
  })

  it('because nothing may be written is refused', async () => {
    for (const code of ['EROFS', 'EACCES', 'EPERM']) {
      const { root, changes } = project()
      const { before } = failing(code, ({ name }) => name === 'renameSync', 3)
      const error = await attempt(root, before, () => commit(root, changes))
      expect(error).toMatchObject({ code: 'READ_ONLY', exitCode: 3 })
      expect(stateOf(root)).toEqual(old)
    }
  })
})

describe('a disk', () => {
  it('that is full from any call on takes nothing: renames alone take it back', async () => {
    for (let at = first; ; at += step) {
      const { root, changes } = project()
      const { before, count } = failing('ENOSPC', takesSpace, at, Number.POSITIVE_INFINITY)
      const error = await attempt(root, before, () => commit(root, changes))
      if (count() < at) break
      // The last calls only make sure that the journal is gone.
      if (error !== undefined) expect(error, `call ${at}`).toMatchObject({ code: 'ENOSPC' })
      const state = error === undefined ? next : old
      expect(withoutRecords(stateOf(root)), `call ${at}`).toEqual(state)
      await fast(root, () => recover(root))
      expect(stateOf(root), `call ${at}`).toEqual(state)
      rmSync(root, { recursive: true })
    }
  })

  it('that fails for good at any write is gone on with when it is whole again', async () => {
    for (let at = first; ; at += step) {
      const { root, changes } = project()
      const { before, count } = failing(
        'EIO',
        ({ isWrite }) => isWrite,
        at,
        Number.POSITIVE_INFINITY,
      )
      const error = await attempt(root, before, () => commit(root, changes))
      if (count() < at) break
      await fast(root, () => recover(root))
      const state = stateOf(root)
      expect([old, next], `call ${at}`).toContainEqual(state)
      if (error === undefined) expect(state).toEqual(next)
      rmSync(root, { recursive: true })
    }
  })

  it('without hard links gets copies', async () => {
    const { root, changes } = project()
    const links = ({ name }: DiskCall) => name === 'linkSync'
    const without = failing('EPERM', links, 1, Number.POSITIVE_INFINITY)
    await withDiskCalls(root, without.before, () => commit(root, changes))
    expect(stateOf(root)).toEqual(next)

    const again = project()
    const { before } = failing('EPERM', links, 1, Number.POSITIVE_INFINITY)
    const late = failing('EIO', ({ name }) => name === 'renameSync', 9)
    const both = (call: DiskCall) => {
      before(call)
      late.before(call)
    }
    const error = await attempt(again.root, both, () => commit(again.root, again.changes))
    expect(error).toMatchObject({ code: 'EIO' })
    expect(stateOf(again.root)).toEqual(old)
  })

  it('that can put nothing back keeps the old bytes, names them, and the next command puts them back', async () => {
    const { root, changes } = project()
    // The third is the second target; the fourth turns the journal round.
    let renames = 0
    const before = ({ name }: DiskCall) => {
      if (name !== 'renameSync') return
      renames += 1
      if (renames === 3 || renames > 4) throw fault('EIO')
    }
    const error = await attempt(root, before, () => commit(root, changes))
    expect(error?.hint).toMatch(/next command[\s\S]*-old~/)
    expect(Object.keys(stateOf(root)).some((path) => path.endsWith('-old~'))).toBe(true)
    expect(await fast(root, () => recover(root))).toMatch(/taken back/)
    expect(stateOf(root)).toEqual(old)
  })
})

/** What could not be cleaned up either is the next command's. */
function withoutRecords(state: State): State {
  return Object.fromEntries(
    Object.entries(state).filter(([path]) => !path.startsWith('.create-service')),
  )
}
