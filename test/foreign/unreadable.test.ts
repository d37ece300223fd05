import fs, { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ran, run } from '../support/run.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

const packageJson = '{ "name": "app", "dependencies": { "fastify": "^5.0.0" } }\n'
const app = "const fastify = require('fastify')\n\nconst app = fastify()\n\nmodule.exports = app\n"
const router = ['generate', 'router', 'a']

describe('a project in which something cannot be read', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('a folder may be called index.js', async () => {
    const root = temporaryFolder()
    writeTree(root, { 'package.json': packageJson, 'app.js': app })
    mkdirSync(join(root, 'index.js'))
    for (const argv of [['status'], ['undo', '--list'], router, ['status']]) {
      await ran(root, argv)
    }
    expect(treeOf(root)['app.js']).toContain('app.register(a)')
  })

  it('a folder called index.js is no app', async () => {
    const root = temporaryFolder()
    writeTree(root, { 'package.json': packageJson, 'index.js/notes.txt': '' })
    for (const flags of [[], ['--into', 'index.js#app']]) {
      const { code, err } = await run(root, [...router, ...flags])
      expect(err).toMatch(/refused NO_ANCHOR|there is no file/)
      expect(code).toBe(flags.length === 0 ? 3 : 2)
    }
  })

  it('an unreadable folder is passed over', async () => {
    const root = temporaryFolder()
    writeTree(root, {
      'package.json': packageJson,
      'lib/boot.js': app,
      'aaa/x.js': '',
    })
    const { readdirSync } = fs
    vi.spyOn(fs, 'readdirSync').mockImplementation(((path: string, ...rest: [never]) => {
      if (!path.startsWith(join(root, 'aaa'))) return readdirSync(path, ...rest)
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    }) as typeof readdirSync)
    for (const argv of [['status'], ['undo', '--list'], router, ['undo']]) await ran(root, argv)
    await ran(root, router)
    expect(readFileSync(join(root, 'lib/boot.js'), 'utf8')).toContain('app.register(a)')
  })
})
