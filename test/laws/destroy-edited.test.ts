import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { type Tree, temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

const shared = 'src/resources/index.ts'
const own = 'src/routers/a1.ts'
const destroy = ['destroy', 'router', 'a1']

/** A service with a router whose prefix was changed, and its tree before the router. */
async function withOtherPrefix(): Promise<{ readonly root: string; readonly before: Tree }> {
  const root = await createdService('--preset', 'minimal')
  const before = treeOf(root)
  await ran(root, ['generate', 'router', 'a1'])
  rewrite(root, "{ prefix: '/a1' }", "{ prefix: '/a2' }")
  return { root, before }
}

function rewrite(root: string, from: string | RegExp, to: string): void {
  writeFileSync(join(root, shared), (treeOf(root)[shared] ?? '').replace(from, to))
}

describe('destroy of a router whose prefix was changed', () => {
  it('takes what it can, and names what it leaves', async () => {
    const { root } = await withOtherPrefix()
    const before = treeOf(root)
    const { code, out, err } = await run(root, destroy)
    expect(code).toBe(0)
    expect(out).toContain('delete test/api/a1.test.ts')
    expect(err).toContain(`DRIFT ${shared}:7`)
    expect(err).toContain(`${own} stays`)
    const after = treeOf(root)
    expect(after[shared]).toBe(before[shared])
    expect(after[own]).toBe(before[own])
    expect(after).not.toHaveProperty(['test/api/a1.test.ts'])
  })

  it.each([[[]], [['--force']]])(
    'a second time %j is refused, and nothing promised',
    async (flags) => {
      const { root } = await withOtherPrefix()
      await ran(root, destroy)
      const before = treeOf(root)
      const { code, out, err } = await run(root, [...destroy, ...flags])
      expect(code).toBe(3)
      expect(err).toContain(`DRIFT ${shared}:7`)
      expect(`${out}${err}`).not.toContain('--force')
      expect(treeOf(root)).toEqual(before)
    },
  )

  it.each([
    ['the registration', /.*register\(a1.*\n/],
    ['the registration and the import', /.*\ba1\b.*\n/g],
  ])('cleans up once the user took out %s', async (_what, lines) => {
    const { root, before } = await withOtherPrefix()
    await ran(root, destroy)
    rewrite(root, lines, '')
    await ran(root, destroy)
    expect(treeOf(root)).toEqual(before)
  })

  it('makes a thing that is whole again where it is generated again', async () => {
    const { root } = await withOtherPrefix()
    const before = treeOf(root)
    await ran(root, destroy)
    await ran(root, ['generate', 'router', 'a1'])
    expect(treeOf(root)).toEqual(before)
  })
})

describe('destroy of a middleware whose package somebody else needs by now', () => {
  const middleware = ['middleware', 'm1', '--no-install']
  const app = {
    'package.json': '{\n  "name": "app",\n  "dependencies": {\n    "fastify": "^5.0.0"\n  }\n}\n',
    'index.js': "const fastify = require('fastify')\n\nconst app = fastify()\n",
  }
  const theirs = { 'lib/own.js': "module.exports = require('fastify-plugin')(async () => {})\n" }

  it('leaves the package, and says so', async () => {
    const root = temporaryFolder()
    writeTree(root, app)
    await ran(root, ['generate', ...middleware])
    const { 'package.json': declared = '' } = treeOf(root)
    expect(declared).toContain('fastify-plugin')
    writeTree(root, theirs)
    const { err } = await ran(root, ['destroy', ...middleware])
    expect(err).toContain('fastify-plugin stays in package.json')
    expect(treeOf(root)).toEqual({ ...app, ...theirs, 'package.json': declared })
  })

  it('takes it back where nobody does, without a word', async () => {
    const root = temporaryFolder()
    writeTree(root, app)
    await ran(root, ['generate', ...middleware])
    expect((await ran(root, ['destroy', ...middleware])).err).toBe('')
    expect(treeOf(root)).toEqual(app)
  })
})

describe('destroy of a router whose import was renamed', () => {
  it('takes everything back', async () => {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    await ran(root, ['generate', 'router', 'a1'])
    rewrite(root, 'import a1 from', 'import mine from')
    rewrite(root, 'register(a1,', 'register(mine,')
    const { err } = await run(root, destroy)
    expect(err).toBe('')
    expect(treeOf(root)).toEqual(before)
  })
})
