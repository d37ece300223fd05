import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../support/run.ts'
import { createdService, product } from '../support/service.ts'
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
  it.each([[[]], [['--force']]])('is refused %j, and nothing is written', async (flags) => {
    const { root } = await withOtherPrefix()
    const before = treeOf(root)
    const { code, out, err } = await run(root, [...destroy, ...flags])
    expect(code).toBe(3)
    expect(err).toContain(`DRIFT ${shared}:7`)
    expect(out).not.toContain('Done')
    expect(treeOf(root)).toEqual(before)
  })

  it.each([
    ['the registration', /.*register\(a1.*\n/],
    ['the registration and the import', /.*\ba1\b.*\n/g],
  ])('takes everything back once the user took out %s', async (_what, lines) => {
    const { root, before } = await withOtherPrefix()
    rewrite(root, lines, '')
    await ran(root, destroy)
    expect(treeOf(root)).toEqual(before)
  })
})

describe('destroy of a router with edited files', () => {
  const test = 'test/api/a1.test.ts'

  async function withEdits(...paths: readonly string[]) {
    const root = await createdService('--preset', 'minimal')
    const before = treeOf(root)
    await ran(root, ['generate', 'router', 'a1'])
    for (const path of paths) appendFileSync(join(root, path), '// mine\n')
    return { root, before, edited: treeOf(root) }
  }

  it('is refused, and names every edited file and no other', async () => {
    const { root, edited } = await withEdits(own, test)
    const { code, err } = await run(root, [...destroy, '--json'])
    expect(code).toBe(3)
    expect(treeOf(root)).toEqual(edited)
    expect(err).toBe('')
    const one = await withEdits(own)
    const { out } = await run(one.root, [...destroy, '--json'])
    const { outcome, refusals } = JSON.parse(out)
    expect(outcome).toBe('refused')
    expect(refusals).toMatchObject([{ code: 'DRIFT', file: own }])
    expect(refusals[0].hint).toMatch(/--force.*--keep/)
  })

  it('removes them too with --force', async () => {
    const { root, before } = await withEdits(own, test)
    await ran(root, [...destroy, '--force'])
    expect(treeOf(root)).toEqual(before)
  })

  it.each([[[]], [[own]]])('leaves all of it with --keep where %j were edited', async (paths) => {
    const { root, edited } = await withEdits(...paths)
    const { out } = await ran(root, [...destroy, '--keep'])
    expect(out).toContain('your own code')
    const { '.create-service/units/router-a1.json': _, ...kept } = edited
    expect(treeOf(root)).toEqual(kept)
    expect((await ran(root, ['status'])).out).not.toContain('router-a1')
    expect((await ran(root, destroy)).out).toContain('Nothing to do')
    const again = await run(root, ['generate', 'router', 'a1'])
    expect(again.code).toBe(3)
    expect(again.err).toContain(test)
    expect(treeOf(root)).toEqual(kept)
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual(edited)
  })

  it('takes --force or --keep, not both', async () => {
    const { root, edited } = await withEdits()
    const { code, err } = await run(root, [...destroy, '--force', '--keep'])
    expect(code).toBe(2)
    expect(err).toContain('exclude each other')
    expect(treeOf(root)).toEqual(edited)
  })

  it('says in its help what the flags do', async () => {
    const { out } = await run('/', ['destroy', 'router', '--help'])
    expect(out).toMatch(/--keep\s+leave/)
    expect(out).toContain('every edited file is named')
  })
})

describe('destroy of a resource with --keep', () => {
  it("makes its files the user's: generate refuses them, edited or not", async () => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    await ran(root, ['destroy', 'resource', 'Product', '--keep'])
    const kept = treeOf(root)
    const later = { now: new Date('2026-05-06T07:08:09Z') }
    const { code, err } = await run(root, product, later)
    expect(code).toBe(3)
    expect(err).toContain('FILE_EXISTS src/resources/products/product.model.ts')
    expect(treeOf(root)).toEqual(kept)
  })
})

describe('destroy of a router that the user imports elsewhere', () => {
  it.each([
    ['statically', "import a1 from './routers/a1.ts'\n\nexport const mine = a1\n", [], 3],
    [
      'by force too',
      "import a1 from './routers/a1.ts'\n\nexport const mine = a1\n",
      ['--force'],
      3,
    ],
    ['as a type', "export type A1 = typeof import('./routers/a1.ts')\n", [], 3],
    ['dynamically', "export const mine = () => import('./routers/a1.js')\n", [], 3],
    ['in a comment only', "// import a1 from './routers/a1.ts'\nexport const mine = 1\n", [], 0],
  ])('%s', async (_how, text, flags, expected) => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, ['generate', 'router', 'a1'])
    writeTree(root, { 'src/mine.ts': text })
    const before = treeOf(root)
    const { code, err } = await run(root, [...destroy, ...flags])
    expect(code).toBe(expected)
    if (expected === 0) return
    expect(err).toContain('STILL_USED src/mine.ts:1')
    expect(err).toContain(own)
    expect(treeOf(root)).toEqual(before)
  })
})

describe('destroy of a resource that the user reaches through the schema', () => {
  const from = (what: string) => `import ${what} from './db/schema.ts'\n\n`
  it.each([
    ['by name', `${from('{ authUsers, products as mine }')}export const x = mine\n`, 1],
    ['by a type', `${from('type { ProductRow }')}export type X = ProductRow\n`, 1],
    ['by a namespace', `${from('* as all')}export const x = all.products\n`, 3],
    ['by a type of a namespace', `${from('type * as all')}export type X = all.ProductRow\n`, 3],
    ['by exporting it again', `export { products } from './db/schema.js'\n`, 1],
    ['by db.query', 'export const x = (app: App) => app.db.query.products.findMany()\n', 1],
  ])('is refused: %s', async (_how, text, line) => {
    const root = await createdService('--preset', 'minimal', '--features', 'auth')
    await ran(root, [...product, '--no-install'])
    writeTree(root, { 'src/mine.ts': text })
    const before = treeOf(root)
    const { code, err } = await run(root, ['destroy', 'resource', 'Product', '--no-install'])
    expect(err).toContain(`STILL_USED src/mine.ts:${line}`)
    expect(err).toContain('of src/resources/products/product.model.ts through src/db/schema.ts')
    expect(code).toBe(3)
    expect(treeOf(root)).toEqual(before)
  })

  it('is not refused for other tables, nor for words that are spelled the same', async () => {
    const root = await createdService('--preset', 'minimal', '--features', 'auth')
    const uses = [
      `${from('* as all')}export const x = [all.authUsers, 'products']\n`,
      'export const y = (request: { query: { products: 1 } }) => request.query.products\n',
    ]
    writeTree(root, { 'src/mine.ts': uses.join('') })
    const before = treeOf(root)
    await ran(root, [...product, '--no-install'])
    await ran(root, ['destroy', 'resource', 'Product', '--no-install'])
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
