import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apply } from '../../src/apply.ts'
import type { Plan } from '../../src/model/plan.ts'
import type { View } from '../../src/model/view.ts'
import { frozen } from '../support/run.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

const file = 'src/app.ts'
const text = 'export function build(app) {\n  setUp(app)\n}\n'
const settings = { until: 'end', force: false } as const

function planIn(root: string): Plan {
  const op = {
    op: 'ensureStatement',
    within: 'build',
    name: 'a',
    statement: 'app.register(a)',
    order: 'last',
  } as const
  return {
    command: 'generate router',
    root,
    steps: [
      { kind: 'unit', unit: { kind: 'router', name: 'a', args: {} } },
      { kind: 'edit', unit: 'router-a', path: file, op },
    ],
    followUps: [],
    notices: [],
    next: [],
  }
}

/** A view during whose preview somebody else writes, so many times. */
function disturbed(root: string, times: number): View & { readonly said: string[] } {
  let left = times
  const said: string[] = []
  return {
    said,
    preview: async () => {
      if (left-- > 0) appendFileSync(join(root, file), '// theirs\n')
    },
    progress: (line) => said.push(line),
    report: async ({ outcome }) => void said.push(outcome),
  }
}

describe('a file that changes between the plan and the commit', () => {
  it('is looked at again, and keeps what somebody else wrote', async () => {
    const root = temporaryFolder()
    writeTree(root, { [file]: text })
    const view = disturbed(root, 2)
    expect(await apply(planIn(root), settings, view, () => frozen)).toBe(0)
    const done = treeOf(root)[file]
    expect(done).toBe(`${text.replace('}', '  app.register(a)\n}')}// theirs\n// theirs\n`)
    expect(view.said).toHaveLength(3)
  })

  it('that never comes to rest is refused, and nothing of ours is written', async () => {
    const root = temporaryFolder()
    writeTree(root, { [file]: text })
    const view = disturbed(root, 99)
    await expect(apply(planIn(root), settings, view, () => frozen)).rejects.toMatchObject({
      code: 'CHANGED_MEANWHILE',
      exitCode: 3,
    })
    expect(treeOf(root)).toEqual({ [file]: `${text}${'// theirs\n'.repeat(3)}` })
  })
})

describe('a file that changes meanwhile although nothing had to be done in it', () => {
  it('is not taken for one in which everything is present', async () => {
    const root = temporaryFolder()
    const other = 'src/other.ts'
    writeTree(root, { [file]: text, [other]: text.replace('setUp(app)', 'app.register(a)') })
    const plan = planIn(root)
    const step = plan.steps.find((one) => one.kind === 'edit')
    if (step === undefined) throw new Error('the plan has no edit')
    const both = { ...plan, steps: [...plan.steps, { ...step, path: other }] }
    const view = { ...disturbed(root, 0), preview: async () => writeTree(root, { [other]: text }) }
    await apply(both, settings, view, () => frozen)
    expect(treeOf(root)[other]).toBe(text)
    const calm = disturbed(root, 0)
    await apply(both, settings, calm, () => frozen)
    expect(calm.said).toEqual(['applied'])
    expect(treeOf(root)[other]).toContain('app.register(a)')
  })
})
