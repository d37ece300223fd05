import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRuns } from '../../src/changes/runs.ts'
import { ran, run } from '../support/run.ts'
import { createdService, product } from '../support/service.ts'
import { treeOf, writeTree } from '../support/tree.ts'

const router = ['generate', 'router', 'webhooks', '--prefix', '/webhooks']
const middleware = ['generate', 'middleware', 'audit_log']

describe('undo', () => {
  it.each([
    ['a resource and the feature it pulled in', [...product, '--no-install']],
    ['a router', router],
    ['a middleware', middleware],
    ['a migration', ['generate', 'migration', 'add_user_roles', '--no-install']],
    [
      'features',
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
  ])('takes back %s', async (_what, argv) => {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    await ran(root, argv)
    expect(treeOf(root)).not.toEqual(before)
    const { out } = await ran(root, ['undo', '--no-install'])
    expect(out).toContain(`Takes back ${argv.slice(0, argv[0] === 'add' ? 1 : 2).join(' ')}`)
    expect(treeOf(root)).toEqual(before)
  })

  it('takes back a destroy', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, router)
    const before = treeOf(root)
    await ran(root, ['destroy', 'router', 'webhooks'])
    expect(treeOf(root)).not.toEqual(before)
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual(before)
  })

  it('gives back a file that --force replaced', async () => {
    const root = await createdService('--preset', 'minimal')
    writeTree(root, { 'src/routers/webhooks.ts': '// mine\n' })
    const before = treeOf(root)
    expect((await run(root, router)).code).toBe(3)
    await ran(root, [...router, '--force'])
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual(before)
  })

  it('goes back run by run, and says when there is none left', async () => {
    const root = await createdService('--preset', 'minimal')
    const trees = [treeOf(root)]
    for (const argv of [router, middleware, ['add', 'docker', '--no-install']]) {
      await ran(root, argv)
      trees.push(treeOf(root))
    }
    for (const before of trees.slice(0, -1).toReversed()) {
      await ran(root, ['undo', '--no-install'])
      expect(treeOf(root)).toEqual(before)
    }
    const end = await run(root, ['undo'])
    expect(end.code).toBe(2)
    expect(end.err).toContain('Nothing to undo')
  })

  it('takes back an earlier run and leaves the later one', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, middleware)
    const alone = treeOf(root)
    await ran(root, ['destroy', 'middleware', 'audit_log'])
    const { out } = await ran(root, ['undo', '--list', '--json'])
    expect(JSON.parse(out).runs.map((row: { command: string }) => row.command)).toEqual([
      'destroy middleware',
    ])
    await ran(root, ['undo'])
    await ran(root, ['generate', 'router', 'reports'])
    await ran(root, router)
    await ran(root, ['undo', await idOf(root, 1)])
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual(alone)
  })

  it('puts a registration back into a file that was edited since', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, router)
    const file = 'src/app.ts'
    const before = treeOf(root)[file] ?? ''
    await ran(root, ['destroy', 'router', 'webhooks'])
    writeTree(root, { [file]: `// mine\n${treeOf(root)[file]}` })
    await ran(root, ['undo'])
    expect(treeOf(root)[file]).toBe(`// mine\n${before}`)
    const { out } = await ran(root, ['status'])
    expect(out).toContain('router-webhooks  managed')
  })

  it('names the runs it knows where it is asked for another', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, router)
    const { code, err } = await run(root, ['undo', 'nonsense'])
    expect(code).toBe(2)
    expect(err).toContain(await idOf(root, 0))
  })

  it('shows first what it would do', async () => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, router)
    const before = treeOf(root)
    const { out } = await ran(root, ['undo', '--dry-run'])
    expect(out).toContain('-export default routes')
    expect(treeOf(root)).toEqual(before)
  })

  it('keeps a bounded history', async () => {
    const root = await createdService('--preset', 'minimal')
    for (let i = 0; i < 26; i++) {
      await ran(root, router)
      await ran(root, ['destroy', 'router', 'webhooks'])
    }
    expect(readRuns(root)).toHaveLength(50)
    rmSync(join(root, '.create-service/history'), { recursive: true })
    expect((await run(root, ['undo'])).code).toBe(2)
  })
})

async function idOf(root: string, index: number): Promise<string> {
  const { out } = await ran(root, ['undo', '--list', '--json'])
  return JSON.parse(out).runs[index].id
}
