import { describe, expect, it } from 'vitest'
import { detect } from '../../../src/project/detect.ts'
import { type Tree, temporaryFolder, writeTree } from '../../support/tree.ts'

const esm = { name: 'x', type: 'module', dependencies: { fastify: '^5.0.0' } }
const commonjs = { name: 'x', dependencies: { fastify: '^5.0.0' } }
const built = "import Fastify from 'fastify'\n"
const required = "const Fastify = require('fastify')\n"
const routes = 'export default async function routes(app) {\n  app.get("/a", async () => [])\n}\n'

function placesIn(tree: Tree, own: object = esm) {
  const root = temporaryFolder()
  writeTree(root, { 'package.json': JSON.stringify(own), ...tree })
  return detect(root).places
}

const siteIn = (tree: Tree, own?: object) => placesIn(tree, own).router?.site
const refusalIn = (tree: Tree, own?: object) => placesIn(tree, own).router?.unplaced

/** A file that imports the instance under the name `app`, registers on it, and lets it listen. */
const registering = (imported: string, name = 'app') => `import helmet from '@fastify/helmet'
${imported}
await ${name}.register(helmet)
await ${name}.listen({ port: 3000 })
`
const listening = "import { app } from './app.js'\nawait app.listen({ port: 3000 })\n"
const app = `${built}export const app = Fastify()\n`

describe('an instance that one file exports and another one registers on grows in the other', () => {
  it.each([
    ['a named export', app, "import { app } from './app.js'"],
    [
      'a list of exports',
      `${built}const app = Fastify()\nexport { app }\n`,
      "import { app } from './app.js'",
    ],
    [
      'another exported name',
      `${built}const it = Fastify()\nexport { it as app }\n`,
      "import { app } from './app.js'",
    ],
    [
      'a default export',
      `${built}const app = Fastify()\nexport default app\n`,
      "import app from './app.js'",
    ],
    [
      'a default export in a list',
      `${built}const it = Fastify()\nexport { it as default }\n`,
      "import app from './app.js'",
    ],
    [
      'a typed default export',
      `${built}const it = Fastify()\nexport default it.withTypeProvider()\n`,
      "import app from './app.js'",
    ],
    [
      'a default export without a variable',
      `${built}export default Fastify({ logger: true })\n`,
      "import app from './app.js'",
    ],
    [
      'a variable that is assigned later',
      `${built}export let app\napp = Fastify()\n`,
      "import { app } from './app.js'",
    ],
    [
      'another name of it',
      `${built}const it = Fastify()\nexport const app = it.withTypeProvider()\n`,
      "import { app } from './app.js'",
    ],
    ['a dynamic import', app, "const { app } = await import('./app.js')"],
    ['no ending', app, "import { app } from './app'"],
  ])('%s', (_what, text, imported) => {
    const tree = { 'src/app.ts': text, 'src/index.ts': registering(imported) }
    expect(siteIn(tree)).toEqual({ path: 'src/index.ts', within: 'app' })
  })

  it.each([
    ['an alias', "import { app as server } from './app.js'", 'server'],
    ['a namespace', "import * as core from './app.js'", 'core.app'],
    ['a property', "import core from './plain.js'", 'core.app'],
    ['a module as a whole', "const core = await import('./app.js')", 'core.app'],
  ])('%s', (_what, imported, name) => {
    const plain = "import { app } from './app.js'\nexport default { app, port: 3000 }\n"
    const index = registering(imported, name)
    const tree = { 'src/app.ts': app, 'src/plain.ts': plain, 'src/index.ts': index }
    expect(siteIn(tree)).toEqual({ path: 'src/index.ts', within: name })
  })

  it.each([
    ['module.exports = app', "const app = require('./app')"],
    ['module.exports = { app }', "const { app } = require('./app')"],
    ['module.exports = { app: app, port: 1 }', "const app = require('./app').app"],
    ['exports.app = app', "const { app } = require('./app.js')"],
    ['module.exports.app = app', "const { app } = require('./app')"],
    ['module.exports = app\nmodule.exports.app = app', "const { app } = require('./app')"],
  ])('CommonJS: %s', (exported, imported) => {
    const tree = {
      'app.js': `${required}const app = Fastify()\n${exported}\n`,
      'index.js': `${imported}\napp.register(require('@fastify/helmet'))\napp.listen({ port: 1 })\n`,
    }
    expect(siteIn(tree, commonjs)).toEqual({ path: 'index.js', within: 'app' })
  })

  it.each([
    ['export { app } from', "export { app } from './app.js'\n"],
    ['export * from', "export * from './config.js'\nexport * from './app.js'\n"],
    ['export { default as app } from', "export { default as app } from './plain.js'\n"],
    ['an import and an export', "import { app } from './app.js'\nexport { app }\n"],
    [
      'an import under another name',
      "import { app as it } from './app.js'\nexport const app = it\n",
    ],
    ['two barrels', "export * from './core/index.js'\n"],
  ])('a barrel: %s', (_what, barrel) => {
    const tree = {
      'src/lib/app.ts': app,
      'src/lib/plain.ts': "import { app } from './app.js'\nexport default app\n",
      'src/lib/config.ts': 'export const port = 3000\n',
      'src/lib/core/index.ts': "export * from '../app.js'\n",
      'src/lib/index.ts': barrel,
      'src/index.ts': registering("import { app } from './lib/index.js'"),
    }
    expect(siteIn(tree)).toEqual({ path: 'src/index.ts', within: 'app' })
  })

  it.each([
    ['a path of tsconfig.json', '@/app'],
    ['a base of tsconfig.json', 'app'],
    ['a subpath of package.json', '#app'],
  ])('%s', (_what, specifier) => {
    const tree = {
      'tsconfig.json': '{ "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["./*"] } } }',
      'src/app.ts': app,
      'src/index.ts': registering(`import { app } from '${specifier}'`),
    }
    const own = { ...esm, imports: { '#*': './src/*.ts' } }
    expect(siteIn(tree, own)).toEqual({ path: 'src/index.ts', within: 'app' })
  })

  it('TypeScript that becomes CommonJS', () => {
    const tree = {
      'src/app.ts': "import Fastify = require('fastify')\nconst app = Fastify()\nexport = app\n",
      'src/index.ts':
        "import app = require('./app')\nimport helmet = require('@fastify/helmet')\napp.register(helmet)\n",
    }
    expect(siteIn(tree, commonjs)).toEqual({ path: 'src/index.ts', within: 'app' })
  })

  it.each(['module.exports = Fastify()', 'const app = (module.exports = Fastify())'])(
    'CommonJS at once: %s',
    (exported) => {
      const tree = {
        'app.js': `${required}${exported}\n`,
        'index.js': "const app = require('./app')\napp.register(require('@fastify/helmet'))\n",
      }
      expect(siteIn(tree, commonjs)).toEqual({ path: 'index.js', within: 'app' })
    },
  )

  it('a barrel of CommonJS', () => {
    const tree = {
      'lib/app.js': `${required}const app = Fastify()\nmodule.exports = { app }\n`,
      'lib/index.js': "module.exports = { app: require('./app').app }\n",
      'index.js': "const { app } = require('./lib')\napp.register(require('@fastify/helmet'))\n",
    }
    expect(siteIn(tree, commonjs)).toEqual({ path: 'index.js', within: 'app' })
  })

  it('a function that is handed the instance counts by what it does', () => {
    const setUp = (body: string) => ({
      'src/app.ts': app,
      'src/setup.ts': `import helmet from '@fastify/helmet'\nexport async function setUp(app) {\n  ${body}\n}\n`,
      'src/index.ts':
        "import { app } from './app.js'\nimport { setUp } from './setup.js'\nawait setUp(app)\nawait app.listen({ port: 1 })\n",
    })
    expect(siteIn(setUp('await app.register(helmet)'))?.path).toBe('src/index.ts')
    expect(siteIn(setUp("app.addHook('onClose', bye)"))?.path).toBe('src/app.ts')
  })

  it('also where the file that builds it has the function that lets it listen', () => {
    const tree = {
      'src/app.ts': `${app}export const start = () => app.listen({ port: 3000 })\n`,
      'src/index.ts': `import helmet from '@fastify/helmet'
import { app, start } from './app.js'
await app.register(helmet)
await start()
`,
    }
    expect(siteIn(tree)).toEqual({ path: 'src/index.ts', within: 'app' })
  })

  it('leads on to the function that registers the routes', () => {
    const tree = {
      'src/app.ts': app,
      'src/routes/index.ts':
        "import users from './users.js'\nexport async function registerRoutes(app) {\n  await app.register(users)\n}\n",
      'src/routes/users.ts': routes,
      'src/index.ts':
        "import { app } from './app.js'\nimport { registerRoutes } from './routes/index.js'\nawait app.register(helmet)\nawait registerRoutes(app)\nawait app.listen({ port: 1 })\n",
    }
    expect(siteIn(tree)).toEqual({ path: 'src/routes/index.ts', within: 'registerRoutes' })
  })

  it('a middleware comes before the routes of the file that builds it', () => {
    const tree = {
      'src/app.ts': `${built}import routes from './routes.js'\nexport const app = Fastify()\napp.register(routes)\n`,
      'src/routes.ts': routes,
      'src/index.ts': registering("import { app } from './app.js'"),
    }
    const { router, middleware } = placesIn(tree)
    expect(router?.site?.path).toBe('src/index.ts')
    expect(middleware?.site?.path).toBe('src/app.ts')
  })
})

describe('an instance that is exported stays where it is built', () => {
  it.each([
    ['is only imported to listen', listening],
    [
      'is only imported for a type',
      "import type { app } from './app.js'\nexport type App = typeof app\n",
    ],
    [
      'has routes elsewhere, but no plugins',
      "import { app } from './app.js'\napp.get('/a', async () => [])\n",
    ],
    [
      'is called like something else that is imported',
      registering("import { app } from './other.js'"),
    ],
  ])('where it %s', (_what, index) => {
    const tree = {
      'src/app.ts': app,
      'src/other.ts': 'export const app = { register() {}, listen() {} }\n',
      'src/index.ts': index,
    }
    expect(siteIn(tree)?.path).toBe('src/app.ts')
  })

  it.each([
    ['test/app.js', '../src/app.js'],
    ['src/app.test.js', './app.js'],
    ['bench/run.js', '../src/app.js'],
    ['benchmarks/run.js', '../src/app.js'],
    ['scripts/seed.js', '../src/app.js'],
    ['src/scripts/load.js', '../app.js'],
    ['bin/seed.js', '../src/app.js'],
  ])('where %s registers on it', (path, from) => {
    const tree = {
      'src/app.js': app,
      // Nothing says what starts it.
      'src/index.js': "import { app } from './app.js'\nexport const handler = wrapped(app)\n",
      [path]: `import { app } from '${from}'\napp.register(seeding)\n`,
    }
    const own = { ...esm, scripts: { seed: `node ${path}` } }
    expect(siteIn(tree, own)?.path).toBe('src/app.js')
  })

  it('where a file registers on it that nothing of the app imports', () => {
    const tree = {
      'src/app.js': app,
      'src/index.js': listening,
      'src/seed.js': "import { app } from './app.js'\napp.register(seeding)\n",
    }
    const own = { ...esm, scripts: { start: 'node src/index.js', seed: 'node src/seed.js' } }
    expect(siteIn(tree, own)?.path).toBe('src/app.js')
  })
})

describe('of two files that register on an instance', () => {
  const plugins =
    "import { app } from './app.js'\nimport helmet from '@fastify/helmet'\napp.register(helmet)\n"
  const pages =
    "import { app } from './app.js'\nimport routes from './routes.js'\napp.register(routes)\n"
  const common = { 'src/app.js': app, 'src/routes.js': routes, 'src/plugins.js': plugins }

  it('it is the one that listens', () => {
    const index = `import './plugins.js'\n${registering("import { app } from './app.js'")}`
    expect(siteIn({ ...common, 'src/index.js': index })?.path).toBe('src/index.js')
  })

  it('it is the one that package.json starts', () => {
    const index = `import './plugins.js'\n${pages}export const handler = aws(app)\n`
    const own = { ...esm, scripts: { start: 'node src/boot.js' } }
    expect(siteIn({ ...common, 'src/boot.js': index }, own)?.path).toBe('src/boot.js')
    const compiled = { ...esm, main: 'dist/boot.js' }
    expect(siteIn({ ...common, 'src/boot.js': index }, compiled)?.path).toBe('src/boot.js')
  })

  it('it is the one that the file which listens imports', () => {
    const index = `import './pages.js'\n${listening}`
    const lost = { 'src/main.js': plugins }
    expect(siteIn({ ...common, ...lost, 'src/pages.js': pages, 'src/index.js': index })?.path).toBe(
      'src/pages.js',
    )
  })

  it('it is neither where both are imported, and both are named', () => {
    const index = `import './plugins.js'\nimport './pages.js'\n${listening}`
    const tree = { ...common, 'src/pages.js': pages, 'src/index.js': index }
    const places = placesIn(tree)
    for (const kind of ['router', 'middleware'] as const) {
      expect(places[kind]?.unplaced).toMatchObject({
        code: 'AMBIGUOUS',
        candidates: ['src/plugins.js:1 app', 'src/pages.js:1 app'],
        hint: 'Choose one: --into src/plugins.js#app  or  --into src/pages.js#app',
      })
    }
    expect(refusalIn(tree)?.message).toBe('It could be registered in several places.')
  })
})

describe('of two instances that are registered on elsewhere', () => {
  it('neither is taken, and both are named where they grow', () => {
    const index = `import { app, admin } from './app.js'
app.register(async (scope) => scope.get('/a', a))
admin.register(async (scope) => scope.get('/b', b))
await app.listen({ port: 1 })
await admin.listen({ port: 2 })
`
    const tree = { 'src/app.js': `${app}export const admin = Fastify()\n`, 'src/index.js': index }
    expect(refusalIn(tree)).toMatchObject({
      code: 'AMBIGUOUS',
      hint: 'Choose one: --into src/index.js#app  or  --into src/index.js#admin',
    })
  })
})

describe('a file that registers on an instance of another one', () => {
  it('is found where package.json names neither', () => {
    const tree = {
      'src/core/app.js': app,
      'src/core/http.js':
        "import { app } from './app.js'\napp.register(plugin)\nawait app.listen({ port: 1 })\n",
    }
    expect(siteIn(tree)).toEqual({ path: 'src/core/http.js', within: 'app' })
  })

  it('needs no name in --into', () => {
    const root = temporaryFolder()
    const tree = { 'src/app.js': app, 'src/index.js': listening }
    writeTree(root, { 'package.json': JSON.stringify(esm), ...tree })
    const { router } = detect(root, { path: 'src/index.js' }).places
    expect(router?.site).toEqual({ path: 'src/index.js', within: 'app' })
  })
})
