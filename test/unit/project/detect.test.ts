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

  it('is not what was generated here, where an app registers nothing else', async () => {
    const root = project({ 'src/app.js': `${instance}await app.listen()\n` })
    expect((await run(root, ['generate', 'router', 'hook'])).code).toBe(0)
    expect(detect(root).places.middleware?.site?.path).toBe('src/app.js')
    expect(detect(root).places.router?.site?.path).toBe('src/app.js')
  })

  it('is not a plugin that only registers a function of its own file', () => {
    const main = `${instance}import users from './users.js'\napp.register(users)\n`
    const users = `async function routes(fastify) {
  fastify.get('/', async () => [])
}
export default async function users(fastify) {
  fastify.register(routes)
}
`
    expect(routerIn({ 'main.js': main, 'users.js': users })?.site?.path).toBe('main.js')
  })

  it.each([
    ['one folder of all its routes', ['endpoints/a', 'endpoints/b'], 'src/endpoints'],
    ['a folder for each feature', ['users/users.routes', 'pets/pets.routes'], 'src/routes'],
    ['one feature', ['users/index'], 'src/routes'],
    ['its own folder', ['a', 'b'], 'src'],
  ])('is in the folder of its siblings: %s', (_what, paths, folder) => {
    const names = paths.map((_, at) => `r${at}`)
    const imports = paths.map((path, at) => `import { ${names[at]} } from './${path}.js'\n`)
    const calls = names.map((name) => `app.register(${name})\n`)
    const files = paths.map((path, at) => [
      `src/${path}.js`,
      `export async function ${names[at]}(fastify) {\n  fastify.get('/${at}', async () => [])\n}\n`,
    ])
    const place = routerIn({
      'src/app.js': [instance, ...imports, ...calls].join(''),
      ...Object.fromEntries(files),
    })
    expect(place?.folder).toBe(folder)
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

describe('the app among other instances and functions', () => {
  const script = `${instance}await app.register(a)\nawait app.ready()\nawait app.close()\n`
  const app = `${instance}import users from './users.js'\napp.register(users)\nawait app.listen()\n`
  const leaf = (name: string) => `export default async (fastify) => {
  fastify.get('/${name}', async () => [])
}
`

  it('ranks above an instance that a script has for a moment, wherever it is made', () => {
    const own = { ...JSON.parse(esm), scripts: { token: 'node src/token.js' } }
    const tree = { 'package.json': JSON.stringify(own), 'src/token.js': script }
    const users = { 'src/users.js': leaf('users') }
    const near = routerIn({ ...tree, ...users, 'src/app.js': app })
    expect(near?.site).toEqual({ path: 'src/app.js' })
    const far = { 'src/core/run.js': app.replace('./users', '../users') }
    const place = routerIn({
      ...tree,
      ...users,
      ...far,
      'src/index.js': "import './core/run.js'\n",
    })
    expect(place?.site).toEqual({ path: 'src/core/run.js' })
  })

  it('is not a plugin that only declares routes, or registers packages', () => {
    const packages = `import files from '@fastify/static'
export default async function plugin(fastify) {
  fastify.register(files)
}
`
    for (const text of [leaf('notes'), packages]) {
      expect(routerIn({ 'src/notes.js': text })?.unplaced).toMatchObject({
        code: 'NO_ANCHOR',
        hint: expect.stringContaining('--into src/notes.js#'),
      })
    }
  })

  it('is not a plugin that leaves out others of the project', () => {
    const posts = `import comments from './comments.js'
export default async function posts(fastify) {
  fastify.register(comments)
}
`
    const tree = { 'lib/posts.js': posts, 'lib/comments.js': leaf('comments') }
    expect(routerIn(tree)?.site).toEqual({ path: 'lib/posts.js' })
    expect(routerIn({ ...tree, 'lib/users.js': leaf('users') })?.unplaced).toMatchObject({
      code: 'NO_ANCHOR',
      candidates: expect.arrayContaining(['lib/posts.js:2 posts']),
    })
  })

  it('stays where the function that gathers routes is under a prefix', () => {
    const main = `${instance}import { api } from './api.js'\napp.register(api, { prefix: '/api' })\n`
    const api = `import users from './users.js'
export async function api(fastify) {
  fastify.register(users)
}
`
    const tree = { 'main.js': main, 'api.js': api, 'users.js': leaf('users') }
    expect(routerIn(tree)?.site).toEqual({ path: 'main.js' })
    expect(
      routerIn({ ...tree, 'main.js': main.replace(", { prefix: '/api' }", '') })?.site,
    ).toEqual({
      path: 'api.js',
      within: 'api',
    })
  })

  it('is what fastify start is given', () => {
    const own = { ...JSON.parse(esm), scripts: { start: 'fastify start -l info lib/root.js' } }
    const tree = { 'package.json': JSON.stringify(own), 'lib/root.js': leaf('a') }
    expect(routerIn(tree)?.site?.path).toBe('lib/root.js')
  })
})

describe('the options of an autoload', () => {
  it.each([
    ['ignorePattern: /sample|(test|spec)\\.js$/', true],
    ["ignorePattern: '^_'", true],
    ["ignoreFilter: (path) => path.endsWith('.test.js') || path.includes('/lib/')", true],
    ['ignoreFilter: isTest', false],
    ["matchFilter: (path) => path.endsWith('.route.js')", false],
  ])('with %s leave a new file in: %s', (option, isTaken) => {
    const place = routerIn({ 'app.js': autoload(`, ${option}`), 'routes/a.js': '' })
    expect(place?.unplaced === undefined).toBe(isTaken)
  })

  it('leave out a file by its name, which is then refused with what else takes a line', async () => {
    const app = `${instance}import load from '@fastify/autoload'
app.register(load, { dir: 'routes', ignorePattern: /hook/ })
`
    const root = project({ 'app.js': app, 'routes/a.js': '' })
    const { code, err } = await run(root, ['generate', 'router', 'hooked'])
    expect(code).toBe(3)
    expect(err).toContain('ignorePattern: /hook/')
    expect(err).toContain('--into app.js#app')
    expect((await run(root, ['generate', 'router', 'other'])).code).toBe(0)
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
    [
      '.js where the compiler asks for it and a script does not',
      {
        'package.json': JSON.stringify({ ...JSON.parse(esm), scripts: { seed: 'tsx seed.ts' } }),
        'app.ts': instance,
        'seed.ts': "import { app } from './app'\n",
        'tsconfig.json': '{"compilerOptions":{"module":"NodeNext"}}',
      },
      '.js',
    ],
    [
      '.js in JavaScript where only a script leaves it out',
      {
        'package.json': JSON.stringify({ ...JSON.parse(esm), scripts: { seed: 'tsx seed.js' } }),
        'app.js': instance,
        'seed.js': "import { app } from './app'\n",
      },
      '.js',
    ],
    [
      '.js by an installed configuration',
      {
        'app.ts': instance,
        'seed.ts': "import { app } from './app'\n",
        'tsconfig.json': '{"extends":"@x/base/tsconfig.json"}',
        'node_modules/@x/base/tsconfig.json': '{"compilerOptions":{"module":"node16"}}',
      },
      '.js',
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

describe('a package with Fastify', () => {
  it('is a project if it has it among devDependencies, with what comes beside it', async () => {
    const own = JSON.stringify({
      name: 'x',
      type: 'module',
      devDependencies: { fastify: '^5.0.0' },
    })
    const root = project({ 'package.json': own, 'app.js': `${instance}app.register(a)\n` })
    const { code } = await run(root, ['generate', 'middleware', 'log', '--no-install'])
    expect(code).toBe(0)
    expect(JSON.parse(treeOf(root)['package.json'] ?? '').devDependencies).toHaveProperty(
      'fastify-plugin',
    )
  })

  it('is named at the root of its workspace', async () => {
    const tools = {
      name: 'root',
      workspaces: ['packages/*'],
      devDependencies: { fastify: '^5.0.0' },
    }
    const root = project({
      'package.json': JSON.stringify(tools),
      'packages/api/package.json': esm,
      'packages/web/package.json': '{"name":"web"}',
    })
    const { code, err } = await run(root, ['generate', 'router', 'a'])
    expect(code).toBe(2)
    expect(err).toContain('use Fastify: packages/api.')
    expect(err).toContain('--cwd')
    expect(err).not.toContain('packages/web')
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
