import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apply } from '../../src/apply.ts'
import { readRuns } from '../../src/changes/runs.ts'
import type { Rendered } from '../../src/model/change.ts'
import { planUndo } from '../../src/plan/undo.ts'
import { openProject } from '../../src/project/project.ts'
import { diskAt } from '../../src/system/disk.ts'
import { frozen, ran } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { treeOf, writeTree } from '../support/tree.ts'

describe('undo while somebody else writes', () => {
  it('is refused, and loses no line of theirs', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, ['generate', 'router', 'webhooks'])
    const shared = 'src/resources/index.ts'
    const before = treeOf(root)
    const runs = readRuns(root)
    const [last] = runs
    if (last === undefined) throw new Error('no run is recorded')
    const options = { run: last, runs, install: false, applied: [], stamp: '20260304050607' }
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
