import { join } from 'node:path'
import { applyPatch, parsePatch } from 'diff'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../support/run.ts'
import { createdService, createFlags, product } from '../support/service.ts'
import { type Tree, temporaryFolder, treeOf } from '../support/tree.ts'

/** What the tree becomes if the printed diff is applied to it. */
function patched(before: Tree, diff: string): Tree {
  const after: Record<string, string> = { ...before }
  for (const patch of parsePatch(diff)) {
    const path = (patch.newFileName === '/dev/null' ? patch.oldFileName : patch.newFileName) ?? ''
    const name = path.slice(2)
    const text = applyPatch(before[name] ?? '', patch)
    if (text === false) throw new Error(`the diff of ${name} does not apply`)
    if (patch.newFileName === '/dev/null') delete after[name]
    else after[name] = text
  }
  return after
}

/** The diff of a dry run, without the summary below it. */
function diffOf(out: string): string {
  return out.slice(0, out.lastIndexOf('\n', out.length - 2) + 1)
}

/** Law 1: bytes in the preview = bytes on disk after commit. */
describe('the preview', () => {
  it('of create is what create writes', async () => {
    const parent = temporaryFolder()
    const argv = ['./my-app', ...createFlags]
    const preview = await ran(parent, [...argv, '--dry-run'])
    expect(treeOf(parent)).toEqual({})
    await ran(parent, argv)
    expect(patched({}, diffOf(preview.out))).toEqual(treeOf(join(parent, 'my-app')))
  })

  it.each([
    ['generate resource', [...product, '--no-install']],
    ['add', ['add', 'docker', 'database', '--no-install']],
    ['destroy', ['destroy', 'resource', 'Order']],
  ])('of %s is what it writes', async (_name, argv) => {
    const root = await createdService('--preset', 'minimal')
    if (argv[0] === 'destroy') {
      await ran(root, ['generate', 'resource', 'Order', 'total:int', '--no-install'])
    }
    const before = treeOf(root)
    const preview = await ran(root, [...argv, '--dry-run'])
    expect(treeOf(root)).toEqual(before)
    expect((await run(root, [...argv, '--check'])).code).toBe(1)
    expect(treeOf(root)).toEqual(before)
    await ran(root, argv)
    expect(patched(before, diffOf(preview.out))).toEqual(treeOf(root))
    expect((await run(root, [...argv, '--check'])).code).toBe(0)
  })

  it('is in the JSON document too', async () => {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    const { out } = await ran(root, [...product, '--no-install', '--json'])
    const document = JSON.parse(out)
    expect(document).toMatchObject({
      command: 'generate resource',
      outcome: 'applied',
      refusals: [],
    })
    const diff = document.changes.map((change: { diff: string }) => change.diff).join('')
    expect(patched(before, diff)).toEqual(treeOf(root))
  })
})
