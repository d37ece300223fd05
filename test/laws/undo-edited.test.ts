import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apply } from '../../src/apply.ts'
import { readRuns } from '../../src/changes/runs.ts'
import { features } from '../../src/features/index.ts'
import type { Rendered } from '../../src/model/change.ts'
import { planUndo } from '../../src/plan/undo.ts'
import { openProject } from '../../src/project/project.ts'
import { diskAt } from '../../src/system/disk.ts'
import { frozen, ran, run } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { treeOf, writeTree } from '../support/tree.ts'

const stamp = '20260304050607'

describe('undo while somebody else writes', () => {
  it('is refused, and loses no line of theirs', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, ['generate', 'router', 'webhooks'])
    const shared = 'src/resources/index.ts'
    const before = treeOf(root)
    const runs = readRuns(root)
    const [last] = runs
    if (last === undefined) throw new Error('no run is recorded')
    const options = {
      run: last,
      runs,
      install: false,
      applied: [],
      rowNotices: [],
      stamp,
      registry: features,
    }
    const plan = planUndo(options, await openProject(root), diskAt(root))

    const reported: Rendered[] = []
    let isFirst = true
    const view = {
      preview: async () => {
        if (isFirst) appendFileSync(join(root, shared), '// theirs\n')
        isFirst = false
      },
      progress: () => {},
      report: async ({ rendered }: { readonly rendered: Rendered }) => void reported.push(rendered),
    }
    const settings = { until: 'end', force: false } as const
    expect(await apply(plan, settings, view, () => frozen)).toBe(3)
    expect(reported).toMatchObject([{ refusals: [{ code: 'DRIFT', file: shared }] }])
    expect(treeOf(root)).toEqual({ ...before, [shared]: `${before[shared]}// theirs\n` })
    expect(readRuns(root)).toEqual(runs)
  })
})

describe('undo of a destroy after an edit of the shared file', () => {
  it('puts a middleware back where it was in the order', async () => {
    const root = await createdService('--preset', 'minimal')
    const shared = 'src/plugins.ts'
    await ran(root, ['generate', 'middleware', 'mm', '--after', 'requestId'])
    const before = treeOf(root)
    await ran(root, ['destroy', 'middleware', 'mm'])
    writeTree(root, { [shared]: `${treeOf(root)[shared]}// theirs\n` })
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual({ ...before, [shared]: `${before[shared]}// theirs\n` })
  })
})

describe('undo of a generate whose files were edited since', () => {
  const own = 'src/routers/webhooks.ts'
  const router = ['generate', 'router', 'webhooks']

  it('is refused and names every edited file; --force takes them back too', async () => {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    await ran(root, router)
    const test = 'test/api/webhooks.test.ts'
    for (const path of [own, test]) appendFileSync(join(root, path), '// mine\n')
    const edited = treeOf(root)
    const { code, err } = await run(root, ['undo'])
    expect(code).toBe(3)
    for (const path of [own, test]) expect(err).toContain(`${path} was edited`)
    expect(err).toContain('--force')
    expect(treeOf(root)).toEqual(edited)
    await ran(root, ['undo', '--force'])
    expect(treeOf(root)).toEqual(before)
  })

  it('with --force gives back the file that was there before', async () => {
    const root = await createdService('--preset', 'minimal')
    writeTree(root, { [own]: '// first\n' })
    const before = treeOf(root)
    await ran(root, [...router, '--force'])
    appendFileSync(join(root, own), '// second\n')
    expect((await run(root, ['undo'])).code).toBe(3)
    await ran(root, ['undo', '--force'])
    expect(treeOf(root)).toEqual(before)
  })

  it('is refused while a file that stays imports one that would go', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, router)
    writeTree(root, { 'src/mine.ts': "export { default } from './routers/webhooks.ts'\n" })
    const before = treeOf(root)
    const { code, err } = await run(root, ['undo'])
    expect(code).toBe(3)
    expect(err).toContain('STILL_USED src/mine.ts:1')
    expect(treeOf(root)).toEqual(before)
  })
})
