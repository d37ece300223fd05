import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diffOf, patched } from '../support/patched.ts'
import { ran, run } from '../support/run.ts'
import { createdService, createFlags, product } from '../support/service.ts'
import { temporaryFolder, treeOf } from '../support/tree.ts'

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
    ['add', ['add', 'docker', 'auth', 'resilience', 'rate-limit', 'database', '--no-install']],
    ['destroy', ['destroy', 'resource', 'Order']],
    ['generate router', ['generate', 'router', 'webhooks']],
    ['generate middleware', ['generate', 'middleware', 'audit_log']],
    ['generate migration', ['generate', 'migration', 'add_user_roles', '--no-install']],
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
