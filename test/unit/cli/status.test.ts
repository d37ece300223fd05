import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../../support/run.ts'
import { createdService } from '../../support/service.ts'
import { treeOf, writeTree } from '../../support/tree.ts'

const file = 'src/routers/webhooks.ts'
const app = 'src/app.ts'

async function serviceWithRouter(): Promise<string> {
  const root = await createdService('--preset', 'minimal')
  await ran(root, ['generate', 'router', 'webhooks', '--prefix', '/webhooks'])
  return root
}

function change(root: string, path: string, from: string | RegExp, to: string): void {
  const text = treeOf(root)[path] ?? ''
  expect(text).toMatch(from)
  writeTree(root, { [path]: text.replace(from, to) })
}

describe('status', () => {
  it('says managed for what is as it was written', async () => {
    const root = await serviceWithRouter()
    const { out } = await ran(root, ['status', '--check'])
    expect(out).toBe('base-service  managed\nrouter-webhooks  managed\n')
  })

  it.each([
    [
      'edited',
      'a file with a line more',
      (root: string) => change(root, file, '\n', '\n// mine\n'),
    ],
    ['missing', 'a file that is gone', (root: string) => rmSync(join(root, file))],
    [
      'missing',
      'a registration that is gone',
      (root: string) => change(root, app, /.*await app.register\(webhooks.*\n/, ''),
    ],
    [
      'edited',
      'a registration in another layout',
      (root: string) =>
        change(root, app, 'app.register(webhooks, ', 'app.register(\n      webhooks,\n      '),
    ],
    [
      'detached',
      'a registration with another prefix',
      (root: string) => change(root, app, /prefix: '[^']*'/, "prefix: '/x'"),
    ],
  ])('says %s of %s', async (state, _what, edit) => {
    const root = await serviceWithRouter()
    edit(root)
    const { code, out } = await run(root, ['status', '--check', '--json'])
    const rows = JSON.parse(out).status.filter((row: { state: string }) => row.state !== 'managed')
    expect(rows.map((row: { state: string }) => row.state)).toContain(state)
    expect(code).toBe(1)
    expect((await run(root, ['status'])).code).toBe(0)
  })

  it('follows an import that was renamed', async () => {
    const root = await serviceWithRouter()
    change(root, app, 'import webhooks from', 'import hooks from')
    change(root, app, 'app.register(webhooks', 'app.register(hooks')
    const { out } = await ran(root, ['status', '--json'])
    const states = JSON.parse(out).status.map((row: { state: string }) => row.state)
    expect(states).not.toContain('missing')
    expect(states).not.toContain('detached')
  })
})
