import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diffOf, diffsIn, patched } from '../support/patched.ts'
import { ran, run } from '../support/run.ts'
import { createdService, createFlags, product } from '../support/service.ts'
import { type Tree, temporaryFolder, treeOf } from '../support/tree.ts'

/** What a dry run shows: as text, where records are only counted, and complete as JSON. */
async function previewOf(root: string, argv: readonly string[]) {
  const [text, json] = [
    await ran(root, [...argv, '--dry-run']),
    await ran(root, [...argv, '--dry-run', '--json']),
  ]
  const [, count] = /^(\d+) records? under \.create-service\/$/m.exec(text.out) ?? []
  return {
    text: diffOf(text.out.replace(/^\d+ records? under .*\n/m, '')),
    json: diffsIn(json.out),
    records: Number(count),
  }
}

function withoutRecords(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).filter(([path]) => !path.startsWith('.create-service/')),
  )
}

/** Law 1: bytes in the preview = bytes on disk after commit. */
describe('the preview', () => {
  it('of create is what create writes', async () => {
    const parent = temporaryFolder()
    const argv = ['./my-app', ...createFlags]
    const preview = await previewOf(parent, argv)
    expect(treeOf(parent)).toEqual({})
    await ran(parent, argv)
    const tree = treeOf(join(parent, 'my-app'))
    expect(patched({}, preview.json)).toEqual(tree)
    expect(patched({}, preview.text)).toEqual(withoutRecords(tree))
  })

  it.each([
    ['generate resource', [...product, '--no-install']],
    [
      'add',
      [
        'add',
        'docker',
        'auth',
        'resilience',
        'rate-limit',
        'cache',
        'request-logging',
        'database',
        '--no-install',
      ],
    ],
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
    const preview = await previewOf(root, argv)
    expect(treeOf(root)).toEqual(before)
    expect((await run(root, [...argv, '--check'])).code).toBe(1)
    expect(treeOf(root)).toEqual(before)
    await ran(root, argv)
    const after = treeOf(root)
    expect(patched(before, preview.json)).toEqual(after)
    expect(patched(withoutRecords(before), preview.text)).toEqual(withoutRecords(after))
    expect(preview.records).toBeGreaterThan(0)
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
