import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { complaintsOf, copyProject, isTyped } from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { writeTree } from '../support/tree.ts'
import { health } from './words.ts'

const handler = "app.get('/webhooks/health', async () => ({ status: 'ok' }))"

/** What a person would write into three of the projects, by the text before and after. */
const written = [
  {
    name: 'plain-commonjs',
    entry: 'index.js',
    file: 'routes/webhooks.js',
    text: `module.exports = async (app) => {\n  ${handler}\n}\n`,
    path: 'index.js',
    before: 'fastify.listen(',
    line: "fastify.register(require('./routes/webhooks'))\n",
  },
  {
    name: 'autoload-typescript',
    entry: 'src/server.ts',
    file: 'src/routes/webhooks.ts',
    text: `import type { FastifyInstance } from 'fastify'\n\nexport default async (app: FastifyInstance) => {\n  ${handler}\n}\n`,
  },
  {
    name: 'fastify-4-commonjs',
    entry: 'src/index.ts',
    file: 'src/routes/webhooks.ts',
    text: `import type { FastifyInstance } from 'fastify'\n\nexport default async (app: FastifyInstance) => {\n  ${handler}\n}\n`,
    path: 'src/index.ts',
    before: 'server.listen(',
    line: "import webhooks from './routes/webhooks'\nserver.register(webhooks)\n",
  },
]

describe('the probe', () => {
  it.each(written)('sees what is written by hand into $name', async (change) => {
    const root = copyProject(change)
    writeTree(root, { [change.file]: change.text })
    if (change.path !== undefined) {
      const path = join(root, change.path)
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, text.replace(change.before, change.line + change.before))
    }
    if (isTyped(change)) expect(await complaintsOf(root)).toBe('')
    const [app] = await probe(join(root, change.entry), [health])
    expect(app?.answers[health]).toEqual({ status: 200, body: { status: 'ok' } })
  })

  it('sees a plugin, and the hooks of every route', async () => {
    const [app] = await probe(join(copyProject({ name: 'plugin-list' }), 'src/server.ts'), [])
    expect(app?.plugins).toMatch(/ locale \d/)
    expect(app?.routes.match(/\(onSend\)/g)).toHaveLength(2)
  })

  it('says why a project does not start', async () => {
    const root = copyProject({ name: 'wrapped-app' })
    const broken = "export default async () => {\n  throw new Error('no issue today')\n}\n"
    writeTree(root, { 'src/routes/issues.ts': broken })
    await expect(probe(join(root, 'src/server.ts'), [])).rejects.toThrow('no issue today')
  })

  it('says where types do not fit', async () => {
    const root = copyProject({ name: 'type-provider' })
    writeTree(root, { 'src/wrong.ts': "export const port: number = '3000'\n" })
    expect(await complaintsOf(root)).toContain('src/wrong.ts(1,14)')
  })

  it('misses a package that is not declared', async () => {
    const root = copyProject({ name: 'plain-commonjs' })
    writeTree(root, { 'index.js': "require('fastify-plugin')\n" })
    await expect(probe(join(root, 'index.js'), [])).rejects.toThrow("find module 'fastify-plugin'")
  })
})
