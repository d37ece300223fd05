import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { detect } from '../../../src/project/detect.ts'
import { run } from '../../support/run.ts'
import { type Tree, temporaryFolder, treeOf, writeTree } from '../../support/tree.ts'

const esm = JSON.stringify({ name: 'x', type: 'module', dependencies: { fastify: '^5.0.0' } })
const script = JSON.stringify({ name: 'x', dependencies: { fastify: '^5.0.0' } })
const instance = "import fastify from 'fastify'\nconst app = fastify()\n"
const autoload = (options: string) =>
  `import autoload from '@fastify/autoload'
import { join } from 'node:path'
export default async function factory(fastify) {
  fastify.register(autoload, { dir: join(import.meta.dirname, 'routes')${options} })
}
`

function project(tree: Tree): string {
  const root = temporaryFolder()
  writeTree(root, { 'package.json': esm, ...tree })
  return root
}

const routerIn = (tree: Tree) => detect(project(tree)).places.router
const habitsIn = (tree: Tree) => detect(project(tree)).habits

describe('the place of a router', () => {
  it('is a loaded folder also where another file loads it than the one that makes the app', () => {
    const main = `${instance}import factory from './factory.js'\napp.register(factory)\n`
    const place = routerIn({ 'main.js': main, 'factory.js': autoload(''), 'routes/a.js': '' })
    expect(place).toEqual({ folder: 'routes', by: 'loader', loadedBy: 'factory.js' })
  })

  it('is no loaded folder that leaves a new file out', () => {
    const choosy = autoload(', matchFilter: /\\.route\\.js$/')
    expect(routerIn({ 'app.js': choosy })?.unplaced).toMatchObject({ code: 'NO_ANCHOR' })
    const harmless = autoload(', ignorePattern: /\\.test\\.js$/')
    expect(routerIn({ 'app.js': harmless })?.by).toBe('loader')
  })

  it('is never beside --into in a folder that is loaded: there it would be twice', () => {
    const root = project({ 'app.js': autoload(''), 'routes/a.js': '' })
    const { router } = detect(root, { path: 'app.js', within: 'factory' }).places
    expect(router).toMatchObject({ by: 'site', site: { path: 'app.js', within: 'factory' } })
    expect(router?.folder).not.toBe('routes')
  })

  it('is the app itself where the server only registers that', () => {
    const server = `${instance}import api from './api.js'\napp.register(api)\nawait app.listen()\n`
    const api = `export default async function api(fastify) {
  fastify.register(import('./a.js'))
  fastify.register(import('./b.js'))
}
`
    expect(routerIn({ 'src/server.js': server, 'src/api.js': api })?.site?.path).toBe('src/api.js')
  })

  it('is not a test, nor what was generated here', async () => {
    const root = project({
      'src/lib.js': "import a from './a.js'\nimport fastify from 'fastify'\n",
      'src/core/run.js': `${instance}app.register(a)\n`,
      'src/__test__/helpers.js': `${instance}app.register(a)\napp.register(b)\n`,
    })
    expect(detect(root).places.router?.site?.path).toBe('src/core/run.js')
    expect((await run(root, ['generate', 'router', 'hook'])).code).toBe(0)
    expect(detect(root).places.middleware?.site?.path).toBe('src/core/run.js')
  })

  it('is in the folder from which routes are imported already', () => {
    const app = `${instance}import main from '../routes/main.js'\napp.register(main)\n`
    const place = routerIn({
      'package.json': JSON.stringify({ ...JSON.parse(esm), main: 'src/classes/server.js' }),
      'src/classes/server.js': app,
      'src/routes/main.js': '',
    })
    expect(place?.folder).toBe('src/routes')
  })

  it('is found through the exports of the package', () => {
    const place = routerIn({
      'package.json': JSON.stringify({
        ...JSON.parse(esm),
        exports: { '.': { import: './lib/x.js' } },
      }),
      'index.js': 'export default (fastify) => fastify.version\n',
      'lib/x.js': `${instance}app.register(a)\n`,
    })
    expect(place?.site?.path).toBe('lib/x.js')
  })

  it('is asked for where several are equal, with what to type', () => {
    const two = `${instance}const other = fastify()\n`
    expect(routerIn({ 'app.js': two })?.unplaced).toMatchObject({
      code: 'AMBIGUOUS',
      file: 'app.js',
      hint: expect.stringContaining('--into app.js#other'),
    })
  })
})

describe('the habits of a project', () => {
  it.each<[string, Tree, string]>([
    [
      '.cjs in CommonJS',
      { 'package.json': script, 'app.cjs': "const app = require('fastify')()\n" },
      '.cjs',
    ],
    [
      'none in CommonJS',
      { 'package.json': script, 'app.js': "const app = require('fastify')()\n" },
      '',
    ],
    [
      '.js in TypeScript of Node',
      { 'app.ts': instance, 'tsconfig.json': '{"extends":"@x/base"}' },
      '.js',
    ],
    [
      'none with a bundler',
      { 'app.ts': instance, 'tsconfig.json': '{"compilerOptions":{"moduleResolution":"bundler"}}' },
      '',
    ],
    ['that of the other imports', { 'app.ts': `${instance}import './a'\n`, 'a.ts': '' }, ''],
    [
      'that of what is imported',
      { 'app.ts': `${instance}import a from '#a'\nimport './b.ts'\n`, 'b.ts': "import './c.ts'\n" },
      '.ts',
    ],
  ])('end a specifier with %s', (_what, tree, ending) => {
    expect(habitsIn(tree).specifierEnding).toBe(ending)
  })

  it('include options of a configuration above', () => {
    const root = project({ 'tsconfig.json': '{"compilerOptions":{"module":"NodeNext"}}' })
    writeTree(root, { 'packages/a/package.json': esm, 'packages/a/app.ts': instance })
    expect(detect(join(root, 'packages/a')).habits.specifierEnding).toBe('.js')
  })
})

describe('the version of Fastify', () => {
  it.each([
    ['^4.28.1', 4],
    ['5', 5],
    ['5.x', 5],
    ['^3.0.0 || ^4.0.0 || ^5.0.0', 5],
    ['>=3', 5],
    ['>=3 <5', 4],
    ['>=4 <=5', 5],
    ['3.29.5', 3],
    ['latest', 5],
    ['workspace:*', 5],
  ])('in %j is %i', (range, major) => {
    const own = JSON.stringify({ name: 'x', type: 'module', dependencies: { fastify: range } })
    expect(habitsIn({ 'package.json': own, 'app.js': instance }).fastify).toBe(major)
  })
})

describe('what is no project', () => {
  it('is a package without Fastify in one with it', async () => {
    const root = project({ 'app.js': instance, 'web/package.json': '{"name":"web"}' })
    const before = treeOf(root)
    const { code, err } = await run(join(root, 'web'), ['generate', 'router', 'a'])
    expect(code).toBe(2)
    expect(err).toContain('not inside a project')
    expect(treeOf(root)).toEqual(before)
  })

  it('is Fastify 3', async () => {
    const root = project({
      'package.json': JSON.stringify({ name: 'x', dependencies: { fastify: '^3.0.0' } }),
      'app.js': "const app = require('fastify')()\n",
    })
    const { code, err } = await run(root, ['generate', 'middleware', 'a'])
    expect(code).toBe(3)
    expect(err).toContain('OLD_FASTIFY')
  })
})
