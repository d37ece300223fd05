import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyProject, snapshotOf } from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { ran, run } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

const nothingToDo = 'Nothing to do: everything is there already.\n'
const router = (name: string, ...flags: readonly string[]) => ['generate', 'router', name, ...flags]
const packageJson = '{ "name": "app", "dependencies": { "fastify": "^5.0.0" } }\n'
const appCalled = (name: string) =>
  `const fastify = require('fastify')\n\nconst ${name} = fastify()\n\nmodule.exports = ${name}\n`

async function refusesDifferent(root: string, argv: readonly string[]): Promise<void> {
  const before = snapshotOf(root)
  const { code, err } = await run(root, argv)
  expect(err).toContain('UNIT_DIFFERS')
  expect(code).toBe(3)
  expect(snapshotOf(root)).toEqual(before)
}

async function hasNothingToDo(root: string, argv: readonly string[]): Promise<void> {
  const before = snapshotOf(root)
  expect(await ran(root, argv)).toEqual({ code: 0, out: nothingToDo, err: '' })
  expect(snapshotOf(root)).toEqual(before)
}

describe('a router that is generated again', () => {
  it('stays where it is in a project with two instances', async () => {
    const root = temporaryFolder()
    writeTree(root, {
      'package.json': packageJson,
      'index.js': appCalled('app'),
      'more.js': appCalled('more'),
    })
    const elsewhere = ['--into', 'more.js#more']
    await ran(root, router('a'))
    await ran(root, router('b', ...elsewhere))
    await hasNothingToDo(root, router('a'))
    await hasNothingToDo(root, router('b'))
    const { 'index.js': index, 'more.js': more } = treeOf(root)
    expect(index?.match(/register\(\w\)/g)).toEqual(['register(a)'])
    expect(more?.match(/register\(\w\)/g)).toEqual(['register(b)'])
    await refusesDifferent(root, router('a', ...elsewhere))
  })

  it('stays where it is in a service', async () => {
    const root = await createdService('--preset', 'minimal')
    const intoApp = ['--into', 'src/app.ts#buildApp']
    await ran(root, router('hooks'))
    await refusesDifferent(root, router('hooks', ...intoApp))
    await ran(root, router('polls', ...intoApp))
    await hasNothingToDo(root, router('polls'))
    await hasNothingToDo(root, router('polls', ...intoApp))
    await refusesDifferent(
      root,
      router('polls', '--into', 'src/resources/index.ts#registerResources'),
    )
  })

  describe.each([
    ['autoload-commonjs', 'app.js', 'server.js'],
    ['autoload-typescript', 'src/app.ts', 'src/server.ts'],
  ])('in %s, whose folders are loaded', (name, app, server) => {
    it.each([['router'], ['middleware']])('is refused elsewhere: %s', async (noun) => {
      const root = copyProject({ name })
      await ran(root, ['generate', noun, 'probe'])
      const again = ['generate', noun, 'probe']
      await refusesDifferent(root, [...again, '--into', app])
      await hasNothingToDo(root, again)
    })

    it('stays out of the folder that is loaded where it was put elsewhere', async () => {
      const root = copyProject({ name })
      await ran(root, router('probe', '--into', app))
      await hasNothingToDo(root, router('probe'))
      const [found] = await probe(join(root, server), ['GET /probe/health'])
      expect(found?.answers['GET /probe/health']).toMatchObject({ status: 200 })
    })
  })

  it.each([
    [
      'a service',
      () => createdService('--preset', 'minimal'),
      'src/resources/index.ts#registerResources',
    ],
    [
      'another project',
      async () => {
        const root = temporaryFolder()
        writeTree(root, { 'package.json': packageJson, 'index.js': appCalled('app') })
        return root
      },
      'index.js#app',
    ],
  ])('may be asked for where it is in %s', async (_what, made, place) => {
    const root = await made()
    await ran(root, router('a'))
    await hasNothingToDo(root, router('a', '--into', place))
  })
})

describe('a folder of @fastify/autoload that got another name', () => {
  const question = (name: string) => `GET /${name}/health`

  /** The routes are in `routers` now; in the comments of the app the old name is still there. */
  async function renamed(): Promise<string> {
    const root = copyProject({ name: 'autoload-commonjs' })
    await ran(root, router('a'))
    renameSync(join(root, 'routes'), join(root, 'routers'))
    const app = join(root, 'app.js')
    writeFileSync(app, readFileSync(app, 'utf8').replace("'routes'", "'routers'"))
    return root
  }

  it.each([
    ['is gone', () => {}],
    ['is there for something else', (root: string) => mkdirSync(join(root, 'routes'))],
  ])('takes what is generated then, where the old one %s', async (_what, change) => {
    const root = await renamed()
    change(root)
    await ran(root, router('b'))
    const [app] = await probe(join(root, 'server.js'), [question('a'), question('b')])
    expect(app?.answers[question('a')]).toMatchObject({ status: 200 })
    expect(app?.answers[question('b')]).toMatchObject({ status: 200 })
    expect(treeOf(root)).toHaveProperty(['routers/b.js'])
  })

  it('gets nothing again in the old folder', async () => {
    const root = await renamed()
    await run(root, router('a'))
    expect(treeOf(root)).not.toHaveProperty(['routes/a.js'])
  })
})
