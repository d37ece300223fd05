import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { features } from '../../src/features/index.ts'
import { offered } from '../../src/features/selection.ts'
import type { Disk, FileSnap } from '../../src/model/change.ts'
import type { Step } from '../../src/model/step.ts'
import { resolveCreate } from '../../src/options/create.ts'
import { planCreate } from '../../src/plan/create.ts'
import { render } from '../../src/render/render.ts'
import { sha256 } from '../../src/system/hash.ts'
import { runs } from '../support/effort.ts'
import type { Tree } from '../support/tree.ts'

const require = createRequire(import.meta.url)
const ids = offered(features).map(({ id }) => id)

function stepsOf(chosen: readonly string[]): readonly Step[] {
  const facts = {
    cwd: '/',
    shellFolder: '/',
    year: '2026',
    packageManager: 'npm',
    toolSpec: () => '1.0.0',
  } as const
  return planCreate(resolveCreate({ dir: 'my-app', features: [...chosen] }, facts), features).steps
}

function diskOf(tree: Tree): Disk {
  const snap = (path: string, text: string): FileSnap => ({
    path,
    text,
    sha256: sha256(text),
    mode: 0o644,
  })
  return {
    read: (path) => (tree[path] === undefined ? undefined : snap(path, tree[path])),
    namesIn: (folder) =>
      Object.keys(tree)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1))
        .filter((name) => !name.includes('/'))
        .sort(),
  }
}

/** The tree after some steps, none of which may be refused. */
function after(steps: readonly Step[], tree: Tree): Tree {
  const { changes, refusals } = render(steps, diskOf(tree), false)
  expect(refusals).toEqual([])
  const written = changes.flatMap((change) =>
    change.kind === 'delete' ? [] : [[change.path, change.after] as const],
  )
  return { ...tree, ...Object.fromEntries(written) }
}

test('a new service with every feature is put together without a parser', () => {
  after(stepsOf(ids), {})
  const parsers = ['yaml', 'jsonc-parser', '@ts-morph/common/dist/typescript.js']
  expect(parsers.filter((name) => require.resolve(name) in require.cache)).toEqual([])
})

test('what lines alone write into new files, the parsers write there too', () => {
  const chosen = fc.subarray(ids, { minLength: 1 }).chain((some) => {
    const steps = stepsOf(some)
    const edits = steps.filter(({ kind }) => kind === 'edit')
    const rest = steps.filter(({ kind }) => kind !== 'edit')
    const order = fc.shuffledSubarray(edits, { minLength: edits.length })
    return fc.record({ some: fc.constant(some), rest: fc.constant(rest), order })
  })
  fc.assert(
    fc.property(chosen, ({ rest, order }) => {
      const fast = after([...rest, ...order], {})
      const slow = after(order, after(rest, {}))
      expect(fast).toEqual(slow)
    }),
    { numRuns: runs('new files', { quick: 4, full: 60 }) },
  )
})
