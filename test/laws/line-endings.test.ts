import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../support/run.ts'
import { createdService, product } from '../support/service.ts'
import { type Tree, temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

const resource = [...product, '--no-install']
const router = ['generate', 'router', 'webhooks', '--prefix', '/webhooks']
const middleware = ['generate', 'middleware', 'audit_log', '--after', 'requestId']
const docker = ['add', 'docker', '--no-install']

/** What git makes of a tree in a checkout with `core.autocrlf=true`. */
function withCrlf(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([path, text]) => [path, text.replaceAll(/\r?\n/g, '\r\n')]),
  )
}

function checkOut(root: string): Tree {
  writeTree(root, withCrlf(treeOf(root)))
  return treeOf(root)
}

const database = () => createdService('--preset', 'minimal', '--features', 'database')

describe('a checkout with CRLF', () => {
  it('is managed', async () => {
    const root = await database()
    for (const argv of [resource, router, middleware, docker]) await ran(root, argv)
    checkOut(root)
    const { out } = await ran(root, ['status', '--check'])
    expect(out).toContain('resource-product  managed')
  })

  it.each([
    ['resource', 'Product', resource],
    ['router', 'webhooks', router],
    ['middleware', 'audit_log', middleware],
    ['migration', 'add_roles', ['generate', 'migration', 'add_roles']],
  ])('lets destroy %s %s take everything back', async (noun, name, argv) => {
    const root = await database()
    const before = treeOf(root)
    await ran(root, argv)
    checkOut(root)
    await ran(root, ['destroy', noun, name, '--no-install'])
    expect(treeOf(root)).toEqual(withCrlf(before))
  })

  it.each([[resource], [router], [middleware], [docker]])(
    'gets files with CRLF from %j, and undo and destroy take them back',
    async (argv) => {
      const root = await database()
      const before = checkOut(root)
      await ran(root, argv)
      const after = treeOf(root)
      expect(after).toEqual(withCrlf(after))
      const again = await ran(root, argv)
      expect(again.out).toContain('Nothing to do')
      expect(treeOf(root)).toEqual(after)
      await ran(root, ['undo', '--no-install'])
      expect(treeOf(root)).toEqual(before)
    },
  )

  it.each([[resource], [router], [middleware], [docker]])(
    'lets undo take back %j, which ran before the checkout',
    async (argv) => {
      const root = await database()
      const before = treeOf(root)
      await ran(root, argv)
      checkOut(root)
      await ran(root, ['undo', '--no-install'])
      expect(treeOf(root)).toEqual(withCrlf(before))
    },
  )

  it('gets back with CRLF what was destroyed before it', async () => {
    const root = await database()
    await ran(root, router)
    const before = treeOf(root)
    await ran(root, ['destroy', 'router', 'webhooks'])
    checkOut(root)
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual(withCrlf(before))
  })

  it('refuses to take back a file that was edited, and names no other', async () => {
    const root = await database()
    await ran(root, resource)
    checkOut(root)
    const file = 'src/resources/products/product.routes.ts'
    appendFileSync(join(root, file), '// mine\r\n')
    const before = treeOf(root)
    for (const argv of [['destroy', 'resource', 'Product'], ['undo']]) {
      const { code, out } = await run(root, [...argv, '--json'])
      expect(code).toBe(3)
      expect(JSON.parse(out).refusals).toMatchObject([{ code: 'DRIFT', file }])
      expect(treeOf(root)).toEqual(before)
    }
  })

  it('is taken back after it is LF again', async () => {
    const root = await database()
    const before = treeOf(root)
    checkOut(root)
    await ran(root, router)
    const lf = Object.entries(treeOf(root)).map(([path, text]) => [
      path,
      text.replaceAll('\r\n', '\n'),
    ])
    writeTree(root, Object.fromEntries(lf))
    expect((await ran(root, ['status', '--check'])).out).toContain('router-webhooks  managed')
    await ran(root, ['destroy', 'router', 'webhooks'])
    expect(treeOf(root)).toEqual(before)
  })
})

describe("another project's new files", () => {
  it('have the line endings of their folder, whatever the others have', async () => {
    const root = temporaryFolder()
    const tree = {
      'package.json': '{\n  "name": "app",\n  "dependencies": { "fastify": "^5.0.0" }\n}\n',
      'src/app.js': "const fastify = require('fastify')\r\n\r\nconst app = fastify()\r\n",
      'src/routes/own.js': 'module.exports = async () => {}\r\n',
    }
    writeTree(root, tree)
    await ran(root, ['generate', 'router', 'webhooks', '--no-install'])
    const made = Object.entries(treeOf(root)).filter(([path]) => /^src\/.*\.js$/.test(path))
    expect(made.length).toBeGreaterThan(2)
    for (const [path, text] of made) expect({ [path]: text }).toEqual(withCrlf({ [path]: text }))
    await ran(root, ['destroy', 'router', 'webhooks', '--no-install'])
    expect(treeOf(root)).toEqual(tree)
  })
})
