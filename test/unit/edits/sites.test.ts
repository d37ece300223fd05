import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyOp } from '../../../src/edits/index.ts'
import { fastifySites } from '../../../src/edits/sites.ts'
import type { EnsureStatement } from '../../../src/model/op.ts'
import { holds, lines, pick, shape, shaped } from '../../support/edit-laws.ts'

const statement: EnsureStatement = {
  op: 'ensureStatement',
  name: 'u',
  statement: 'await app.register(u)',
  order: 'last',
}

function refusalOf(text: string, op: Partial<EnsureStatement> = {}) {
  const result = applyOp('src/app.ts', text, { ...statement, ...op })
  if (result.state !== 'refused') throw new Error(JSON.stringify(result))
  return result.refusal
}

const none = { registers: 0, routes: 0, listens: false, inline: [] }

describe('the sites of a file', () => {
  test('names the instances that a file builds', () => {
    const sites = fastifySites(
      'src/app.ts',
      `\uFEFFimport Fastify from 'fastify'

const app = Fastify()
app.register(a).register(b)
if (dev) app.register(require('./c'))
app.register((await import('./d.js')).default)

class Admin {
  #server = Fastify()
  start() {
    this.#server.listen({ port: 1 })
  }
}
`,
    )
    const inline = ['./c', './d.js']
    expect(sites).toEqual({
      instances: [
        { ...none, name: 'app', line: 3, kind: 'variable', registers: 4, inline },
        { ...none, name: 'server', line: 9, kind: 'field', listens: true },
      ],
      parameters: [],
      lists: [],
      autoloads: [],
      chain: false,
    })
  })

  test('names functions where variables are called the same', () => {
    const text = `import Fastify from 'fastify'
export function build() {
  const app = Fastify()
}
export class Server {
  build() {
    const app = Fastify()
  }
}
`
    const { instances } = fastifySites('app.ts', text)
    expect(instances.map(({ name }) => name)).toEqual(['build', 'Server'])
    for (const { name } of instances) {
      expect(applyOp('app.ts', text, { ...statement, within: name }).state).toBe('applied')
    }
  })

  test('names the class where a function is called like the variable', () => {
    const text = `import Fastify from 'fastify'
class Server {
  app = Fastify()
  constructor() {}
}
export function app() {}
`
    const { instances } = fastifySites('app.ts', text)
    expect(instances.map(({ name }) => name)).toEqual(['Server'])
    const { state } = applyOp('app.ts', text, { ...statement, within: 'Server' })
    expect(state).toBe('applied')
  })

  test('names the exported functions that are handed an instance', () => {
    const text = `import type { FastifyInstance as App, FastifyReply } from 'fastify'
export async function users(app: App) { app.register(a) }
async function internal(app: App) {}
export const onSend = async (reply: FastifyReply) => {}
export default (app: import('fastify').FastifyInstance) => app.register(a)
`
    const { parameters } = fastifySites('app.ts', text)
    const common = { ...none, kind: 'parameter', registers: 1 }
    expect(parameters).toEqual([
      { ...common, name: 'users', line: 2 },
      { ...common, name: 'default', line: 5 },
    ])
  })

  test('counts the routes that are added directly', () => {
    const text = `import type { FastifyInstance } from 'fastify'
export const routes = (app: FastifyInstance) => {
  app.get('/', index).post('/', add)
  app.route({ url: '/a' })
  app.register(async (app) => { app.get('/b', b) })
  app.get('config')
}
`
    const site = { ...none, name: 'routes', line: 2, kind: 'parameter', registers: 1, routes: 3 }
    expect(fastifySites('app.ts', text).parameters).toEqual([site])
  })

  test('takes a parameter whose default builds the instance for what holds it', () => {
    const text = `import fastify, { type FastifyInstance } from 'fastify'
export function build(app: FastifyInstance = fastify().withTypeProvider<X>()) {
  app.register(a)
}
`
    const site = { ...none, name: 'app', line: 2, kind: 'variable', registers: 1 }
    expect(fastifySites('app.ts', text)).toMatchObject({
      instances: [site],
      parameters: [],
      chain: false,
    })
  })

  test.each([
    ['fastify', 'register(a)'],
    ['fastify', "addHook('onRequest', a)"],
    ['app', "decorateRequest('a', null)"],
    ['server', "get('/', a)"],
    ['app', 'setErrorHandler(a)'],
    ['it', 'register(a)'],
  ])('takes a function for a plugin that calls %s.%s', (name, call) => {
    const text = `module.exports = async (${name}) => { ${name}.${call} }\n`
    expect(fastifySites('app.js', text).parameters).toMatchObject([{ name: 'default' }])
  })

  test.each([
    ['fastify', '.version'],
    ['fastify', ".log.info('a')"],
    ['app', ".get('config')"],
    ['app', '.close()'],
    ['it', ".get('/', a)"],
  ])('takes no function for a plugin that only has %s%s', (name, use) => {
    const text = `export default async function a(${name}) { return ${name}${use} }\n`
    expect(fastifySites('app.js', text).parameters).toEqual([])
  })

  test('takes no other function of JavaScript for a plugin', () => {
    const text = `module.exports = { build, load }
function build(app) { app.get('/', a) }
function load(options) {}
exports.handler = async (event) => {}
`
    expect(fastifySites('app.js', text).parameters).toEqual([])
    expect(fastifySites('app.js', text.replaceAll('app', 'fastify')).parameters).toHaveLength(1)
  })

  test('names lists that are looped over', () => {
    const text = `const plugins = [a, b] as const
const more = { routes: [c] }
const unused = [d]
export function load(host: Host) {
  for (const plugin of plugins) host.register(plugin)
  more.routes.forEach((routes) => host.register(routes))
  for (const item of unused) host.use(item)
  unused.forEach((item, index) => host.register(index))
}
`
    const { lists } = fastifySites('app.ts', text)
    const common = { ...none, kind: 'list' }
    expect(lists).toEqual([
      { ...common, name: 'plugins', line: 1, registers: 2 },
      { ...common, name: 'more.routes', line: 2, registers: 1 },
    ])
  })

  test('says where an instance has no variable, and where the syntax is wrong', () => {
    const chain = "import Fastify from 'fastify'\nexport default Fastify().register(a)\n"
    expect(fastifySites('app.ts', chain)).toMatchObject({ chain: true, instances: [] })
    const { parseError } = fastifySites('app.ts', 'a\nconst x = {\n')
    expect(parseError).toEqual({ line: 3, message: "'}' expected." })
  })
})

describe('the folders that are loaded', () => {
  const loaded = (dir: string, more = '') =>
    fastifySites(
      'src/main/app.ts',
      `import load from '@fastify/autoload'
const __dirname = dirname(fileURLToPath(import.meta.url))
const routes = join(__dirname, 'routes')
app.register(load, { dir: ${dir}${more} })
`,
    ).autoloads

  test.each([
    ["path.join(__dirname, 'plugins')", 'plugins'],
    ["join(import.meta.dirname, '..', 'routes')", '../routes'],
    ["path.resolve(__dirname, './a/b/')", 'a/b'],
    ["fileURLToPath(new URL('./routes', import.meta.url))", 'routes'],
    ["new URL('./routes/', import.meta.url).pathname", 'routes'],
    ["path.join(path.dirname(__filename), 'routes')", 'routes'],
    ['`${' + '__dirname}/routes`', 'routes'],
    ["__dirname + '/routes'", 'routes'],
    ['routes', 'routes'],
    ["'src/main/routes'", 'routes'],
    ["join(process.cwd(), 'src', 'routes')", '../routes'],
    ["join(import.meta.url, 'routes')", 'routes'],
    ["desm.join(import.meta.url, '..', 'routes')", '../routes'],
    ["join(fileURLToPath(import.meta.url), '..', 'routes')", 'routes'],
  ])('reads %s', (dir, expected) => {
    expect(loaded(dir)).toEqual([
      { dir: expected, dirNameRoutePrefix: true, hasPattern: false, line: 4 },
    ])
  })

  test.each(['folder()', 'options.dir', "join(root, 'routes')", "'/srv/routes'"])(
    'does not guess %s',
    (dir) => {
      expect(loaded(dir)).toEqual([{ dirNameRoutePrefix: true, hasPattern: false, line: 4 }])
    },
  )

  test('reads the options that decide the routes', () => {
    expect(
      loaded('routes', ", options: { ...opts, prefix: '/v1' }, dirNameRoutePrefix: false"),
    ).toMatchObject([{ prefix: '/v1', dirNameRoutePrefix: false, hasPattern: false }])
    expect(
      loaded('routes', ", options: Object.assign({ prefix: '/v2' }, opts), ignorePattern: /x/"),
    ).toMatchObject([{ prefix: '/v2', dirNameRoutePrefix: true, hasPattern: true }])
    expect(loaded('routes', ', matchFilter(path) {}')).toMatchObject([{ hasPattern: true }])
  })

  test.each([
    ["const AutoLoad = require('fastify-autoload')", 'AutoLoad'],
    ["import { fastifyAutoload as x } from '@fastify/autoload'", 'x'],
    ["import * as x from '@fastify/autoload'", 'x.default'],
    ['', "require('@fastify/autoload')"],
    ['', "import('@fastify/autoload')"],
  ])('knows the loader by %s %s', (header, name) => {
    const text = `${header}\nmodule.exports = (fastify) => fastify.register(${name}, { dir: 'a' })\n`
    expect(fastifySites('app.js', text).autoloads).toMatchObject([{ dir: 'a' }])
  })

  test('knows no other plugin for the loader', () => {
    const text = "import load from './autoload'\napp.register(load, { dir: 'a' })\n"
    expect(fastifySites('app.ts', text).autoloads).toEqual([])
  })
})

describe('a refusal at a site', () => {
  test('names the flags that choose', () => {
    const text = "import Fastify from 'fastify'\nconst admin = Fastify()\nconst api = Fastify()\n"
    expect(refusalOf(text)).toMatchObject({
      candidates: ['src/app.ts:2 admin', 'src/app.ts:3 api'],
      hint: 'Choose one with --into src/app.ts#admin or --into src/app.ts#api.',
      snippet: 'await app.register(u)',
    })
  })

  test('has the text for a chain, and the list for a list', () => {
    const chain =
      "import Fastify from 'fastify'\nexport const build = () => Fastify().register(a)\n"
    expect(refusalOf(chain)).toMatchObject({ line: 2, snippet: '.register(u)' })
    const list = 'const all = [a]\nfor (const one of all) host.register(one)\n'
    expect(refusalOf(list).hint).toContain('--into src/app.ts#all')
  })

  test('says what is registered where a neighbour is missing', () => {
    const text =
      "import Fastify from 'fastify'\nconst app = Fastify()\napp.register(a).register(b)\n"
    expect(refusalOf(text, { order: { before: 'z' } }).candidates).toEqual(['a', 'b'])
  })
})

test.each([
  ['that the file builds', {}, "import Fastify from 'fastify'\nconst app = Fastify()\n"],
  ['of another file', { within: 'app' }, "import { app } from './app.js'\napp.register(c)\n"],
])(
  'statements at an instance %s leave no trace of their order and can be taken back',
  (_what, where, head) => {
    const body = lines(
      'app.register(c)\n',
      'app.register(k, { x: 1 }) // k\n',
      'app.register(q, {\n  x: 1,\n});\n',
      "app.get('/', h)\n",
      '// a comment\n',
      '\n',
      'if (dev) {\n  app.register(e)\n}\n',
      'app.register(async (app) => {\n  app.register(l)\n})\n',
      ';[1].map(f)\n',
      'app.register(h);\n(async () => {})()\nfoo()\nfoo()\n',
      'const g = () => {}\n',
    )
    const end = fc.constantFrom('', 'app.listen()\n', '\n// done\nexport default app\n')
    holds(
      fc.tuple(body, end, shape, pick('a', 'd', 'm', 'z')).map(([middle, close, style, names]) => ({
        path: 'app.ts',
        base: shaped(`${head}${middle}${close}`, style),
        ops: names.map((name) => ({
          ...where,
          op: 'ensureStatement' as const,
          name,
          statement: `await app.register(${name})`,
          order: 'by-name' as const,
        })),
      })),
    )
  },
)

test('a middleware and a router leave no trace of their order', () => {
  const body = lines(
    'app.register(cors)\n',
    'setUpCors(app)\n',
    'await withRoutes(app)\n',
    'app.register(own)\n',
    "app.addHook('onRequest', log)\n",
    '// a comment\n',
    '\n',
    'foo()\n',
  )
  const end = fc.constantFrom(
    '',
    'app.listen()\n',
    'startServer(app)\ncloseOnSignals(app)\n',
    'export default app\n',
  )
  const ops = [
    { name: 'm', order: { beforeOwn: ['m'] } },
    { name: 'r', order: 'last' },
  ] as const
  holds(
    fc.tuple(body, end, shape).map(([middle, close, style]) => ({
      path: 'app.ts',
      base: shaped(
        `import Fastify from 'fastify'
import { setUpCors } from 'cors'
import { m, own, r, startServer, closeOnSignals, withRoutes } from './own.js'
const app = Fastify()
${middle}${close}`,
        style,
      ),
      ops: ops.map(({ name, order }) => ({
        ...statement,
        name,
        statement: `await app.register(${name})`,
        order,
      })),
    })),
  )
})
