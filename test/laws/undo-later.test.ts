import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuns } from '../../src/changes/runs.ts'
import { defineFeature } from '../../src/features/feature.ts'
import { features } from '../../src/features/index.ts'
import { planUndo } from '../../src/plan/undo.ts'
import { openProject } from '../../src/project/project.ts'
import { diskAt } from '../../src/system/disk.ts'
import { type Ran, ran, run } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { copyOf, type Tree, treeOf, writeTree } from '../support/tree.ts'

const order = ['generate', 'resource', 'Order', 'total:int', '--no-install']
const product = ['generate', 'resource', 'Product', 'title:string', '--no-install']
const router = (name: string) => ['generate', 'router', name]

/** The ids of the runs that can be taken back, the oldest first. */
async function idsIn(root: string): Promise<readonly string[]> {
  const { out } = await ran(root, ['undo', '--list', '--json'])
  return JSON.parse(out).runs.map(({ id }: { id: string }) => id)
}

async function undoFirst(root: string): Promise<Ran> {
  const [first = ''] = await idsIn(root)
  return await run(root, ['undo', first, '--no-install'])
}

/** Lets a folder be as it was, as git would. */
function checkOut(root: string, before: Tree): void {
  for (const path of Object.keys(treeOf(root))) {
    if (before[path] === undefined) rmSync(join(root, path))
  }
  writeTree(root, before)
}

describe('undo of a run on which later ones build', () => {
  it.each([
    ['a resource that brought the database', product],
    ['the database', ['add', 'database', '--no-install']],
  ])('%s is refused while a resource needs it', async (_what, first) => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, first)
    await ran(root, order)
    const before = treeOf(root)
    const { code, err } = await undoFirst(root)
    expect(err).toContain('resource-order')
    expect(code).toBe(3)
    expect(treeOf(root)).toEqual(before)
    expect(await idsIn(root)).toHaveLength(2)
  })

  it('a part of a resource goes only after the parts that came later', async () => {
    const root = await createdService('--preset', 'minimal')
    const trees = [treeOf(root)]
    for (const part of ['--model', '--schema']) {
      await ran(root, [...product, part])
      trees.push(treeOf(root))
    }
    const [, later = ''] = await idsIn(root)
    const { code, err } = await undoFirst(root)
    expect(err).toContain(later)
    expect(code).toBe(3)
    expect(treeOf(root)).toEqual(trees.at(-1))

    for (const before of trees.slice(0, -1).toReversed()) {
      await ran(root, ['undo', '--no-install'])
      expect(treeOf(root)).toEqual(before)
    }
  })

  it('a thing that was destroyed and made anew is not taken for the first one', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, router('a1'))
    await ran(root, ['destroy', 'router', 'a1'])
    await ran(root, [...router('a1'), '--prefix', '/zz'])
    const before = treeOf(root)
    const { code, err } = await undoFirst(root)
    expect(code).toBe(3)
    expect(err).toContain((await idsIn(root)).at(-1))
    expect(treeOf(root)).toEqual(before)
  })
})

describe('undo of a feature that others came after', () => {
  it.each([
    ['an older resource', [product, ['add', 'docker', '--no-install']]],
    ['a later resource', [['add', 'docker', '--no-install'], product]],
  ])('docker goes beside %s', async (_what, [first = [], second = []]) => {
    const root = await createdService('--preset', 'minimal', '--features', 'database')
    const without = copyOf(root)
    await ran(root, first)
    await ran(root, second)
    await ran(without, product)
    const { out } = await ran(root, ['undo', '--list', '--json'])
    const { id } = JSON.parse(out).runs.find((one: { command: string }) => one.command === 'add')
    await ran(root, ['undo', id, '--no-install'])
    expect(treeOf(root)).toEqual(treeOf(without))
  })

  it('database stays while auth requires it', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, ['add', 'database', '--no-install'])
    await ran(root, ['add', 'auth', '--no-install'])
    const before = treeOf(root)
    const { code, err } = await undoFirst(root)
    expect(code).toBe(3)
    expect(err).toContain('feature-auth needs the feature database')
    expect(treeOf(root)).toEqual(before)
  })

  it('redis stays while another feature than rate-limit requires it', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, ['add', 'rate-limit', '--no-install'])
    const unit = { kind: 'feature', name: 'other', args: {}, files: {}, edits: [], pristine: '' }
    writeTree(root, { '.create-service/units/feature-other.json': JSON.stringify(unit) })
    const registry = (requires: readonly string[]) => [
      ...features,
      defineFeature({ id: 'other', title: 'Other', summary: '', requires }),
    ]
    const [last] = readRuns(root)
    if (last === undefined) throw new Error('no run is recorded')
    const project = await openProject(root)
    const plan = (requires: readonly string[]) =>
      planUndo(
        {
          run: last,
          runs: [last],
          install: false,
          applied: [],
          rowNotices: [],
          stamp: '20260304050607',
          registry: registry(requires),
        },
        project,
        diskAt(root),
      )
    expect(() => plan(['redis'])).toThrow('feature-other needs the feature redis')
    expect(plan([]).steps.length).toBeGreaterThan(1)
  })
})

describe('undo of what git took back', () => {
  it('lists no run of which nothing is left, and says so when it is asked for', async () => {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    await ran(root, router('first'))
    const [gone = ''] = await idsIn(root)
    checkOut(root, before)
    expect(await idsIn(root)).toEqual([])
    expect((await ran(root, ['undo', '--list'])).out).toBe('Nothing can be taken back here.\n')
    const { out } = await ran(root, ['undo', gone])
    expect(out).toContain(`nothing of run ${gone} (generate router`)
    expect(treeOf(root)).toEqual(before)
  })

  it('passes over a run of which nothing is left', async () => {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    await ran(root, router('first'))
    const between = treeOf(root)
    await ran(root, router('second'))
    checkOut(root, between)
    const { out } = await ran(root, ['undo'])
    expect(out).toContain('delete src/routers/first.ts')
    expect(treeOf(root)).toEqual(before)

    const end = await run(root, ['undo'])
    expect(end.code).toBe(2)
    expect(end.err).toContain('nothing to take back')
    expect(treeOf(root)).toEqual(before)
  })

  it('takes a run that left its new files behind', async () => {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    await ran(root, router('first'))
    writeTree(root, before)
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual(before)
  })
})

describe('a full history', () => {
  it('loses by an undo that run alone, and its oldest can be taken back', async () => {
    const root = await createdService('--preset', 'minimal')
    const names = Array.from({ length: 50 }, (_, i) => `r${String(i).padStart(2, '0')}`)
    for (const name of names) await ran(root, router(name))
    const [oldest = '', ...others] = await idsIn(root)
    expect(others).toHaveLength(49)

    const destroyed = copyOf(root)
    await ran(destroyed, ['destroy', 'router', 'r00'])
    await ran(root, ['undo', oldest])
    expect(treeOf(root)).toEqual(treeOf(destroyed))
    expect(await idsIn(root)).toEqual(others)

    await ran(root, ['undo'])
    expect(await idsIn(root)).toEqual(others.slice(0, -1))
    expect(treeOf(root)).not.toHaveProperty(['src/routers/r49.ts'])
    expect(treeOf(root)).toHaveProperty(['src/routers/r48.ts'])
  })
})

describe('undo beside what the user wrote', () => {
  it('gives back the file that --force replaced, and leaves a comment elsewhere', async () => {
    const root = await createdService('--preset', 'minimal')
    const [own, shared] = ['src/routers/ff.ts', 'src/resources/index.ts'] as const
    writeTree(root, { [own]: '// mine\n' })
    const before = treeOf(root)
    await ran(root, [...router('ff'), '--force'])
    writeFileSync(join(root, shared), `${treeOf(root)[shared]}// theirs\n`)
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual({ ...before, [shared]: `${before[shared]}// theirs\n` })
  })
})
