import { describe, expect, it } from 'vitest'
import { readRuns } from '../../src/changes/runs.ts'
import { copyProject } from '../support/foreign.ts'
import { ran } from '../support/run.ts'
import { copyOf, temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

describe('undo in a project that was made elsewhere', () => {
  const theirs = (root: string) => {
    const text = `${treeOf(root)['index.js']}// theirs\n`
    writeTree(root, { 'index.js': text })
  }
  const app = {
    'package.json': '{ "name": "app", "dependencies": { "fastify": "^5.0.0" } }\n',
    'index.js': "const fastify = require('fastify')\n\nconst app = fastify()\n",
  }

  const plain = () => {
    const root = temporaryFolder()
    writeTree(root, app)
    return root
  }

  it('takes the records with the last thing that was generated', async () => {
    const root = plain()
    await ran(root, ['generate', 'router', 'a'])
    theirs(root)
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual({ ...app, 'index.js': `${app['index.js']}// theirs\n` })
  })

  it('gives back the tree before where an instance is exported, registered on and listens', async () => {
    const root = copyProject({ name: 'exported-app' })
    const before = treeOf(root)
    for (const noun of ['router', 'middleware']) {
      await ran(root, ['generate', noun, 'a', '--no-install'])
      await ran(root, ['undo', '--no-install'])
      expect(treeOf(root)).toEqual(before)
    }
  })

  it('takes the records along also where they were changed meanwhile', async () => {
    const root = plain()
    await ran(root, ['generate', 'router', 'a'])
    const [first] = readRuns(root)
    await ran(root, ['generate', 'middleware', 'm', '--no-install'])
    await ran(root, ['destroy', 'middleware', 'm', '--no-install'])
    await ran(root, ['undo', first?.id ?? ''])
    expect(treeOf(root)).toEqual(app)
  })

  it.each([
    ['registered', plain],
    ['loaded', () => copyProject({ name: 'autoload-commonjs' })],
  ])('leaves the records where something later that is %s is in them', async (_how, made) => {
    const root = made()
    await ran(root, ['generate', 'router', 'a'])
    const [first] = readRuns(root)
    await ran(root, ['generate', 'router', 'b'])
    const destroyed = copyOf(root)
    await ran(destroyed, ['destroy', 'router', 'a'])
    await ran(root, ['undo', first?.id ?? ''])
    expect(treeOf(root)).toEqual(treeOf(destroyed))
  })

  it('takes the records where all that came before was destroyed', async () => {
    const root = plain()
    await ran(root, ['generate', 'router', 'a'])
    await ran(root, ['generate', 'router', 'b'])
    const later = readRuns(root).at(-1)
    await ran(root, ['destroy', 'router', 'a'])
    await ran(root, ['undo', later?.id ?? ''])
    expect(treeOf(root)).toEqual(app)
  })

  it('brings the records back beside a file that was written anew', async () => {
    const root = plain()
    await ran(root, ['generate', 'router', 'a'])
    const before = treeOf(root)
    await ran(root, ['destroy', 'router', 'a'])
    writeTree(root, { 'routes/a.js': '// theirs\n' })
    const { out } = await ran(root, ['undo'])
    expect(out).toContain('routes/a.js was changed since')
    expect(treeOf(root)).toEqual({ ...before, 'routes/a.js': '// theirs\n' })
  })

  it.each([
    ['the only router', ['a']],
    ['the later of two routers', ['b', 'a']],
  ])('brings back with %s its records and its place', async (_what, names) => {
    const root = plain()
    for (const name of names) await ran(root, ['generate', 'router', name])
    const before = treeOf(root)
    await ran(root, ['destroy', 'router', 'a'])
    expect('.create-service/manifest' in treeOf(root)).toBe(names.length > 1)
    theirs(root)
    await ran(root, ['undo'])
    expect(treeOf(root)).toEqual({ ...before, 'index.js': `${before['index.js']}// theirs\n` })
    const { out } = await ran(root, ['status'])
    expect(out).toBe(
      names
        .toSorted()
        .map((name) => `router-${name}  managed\n`)
        .join(''),
    )
  })
})
