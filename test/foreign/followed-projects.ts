import type { Project } from '../support/foreign.ts'

/** A project in which the instance has to be followed to find the place of a router. */
export interface FollowedProject extends Project {
  /** The file of the router. */
  readonly file: string
  /** The lines that each file gains by the router, but for the file of the router. */
  readonly router: { readonly [file: string]: readonly string[] }
  /** The file that gains the lines of the middleware, and that of the middleware itself. */
  readonly middleware: readonly string[]
}

export const followedProjects: readonly FollowedProject[] = [
  {
    name: 'given-result',
    entry: 'src/main.ts',
    serves: { 'GET /health': 'ok', 'GET /files': { root: '/srv/photos' } },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/server.ts': ["import webhooks from './routes/webhooks'", 'await app.register(webhooks)'],
    },
    middleware: ['src/plugins/audit-log.ts', 'src/server.ts'],
  },
  {
    name: 'aliased-routes',
    entry: 'src/main.ts',
    serves: { 'GET /harbours': [{ name: 'Old port', high: '04:12' }] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/routes/index.ts': [
        "import webhooks from './webhooks'",
        'await fastify.register(webhooks)',
      ],
    },
    middleware: ['src/api/app.ts', 'src/api/plugins/audit-log.ts'],
  },
  {
    name: 'steps-at-start',
    entry: 'src/server.ts',
    serves: { 'GET /health': 'ok', 'GET /v1/crossings': [{ from: 'North', to: 'South' }] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/router.ts': [
        "import webhooks from './routes/webhooks.js'",
        'await fastify.register(webhooks)',
      ],
    },
    middleware: ['src/plugins/audit-log.ts', 'src/server.ts'],
  },
  {
    name: 'steps-in-callbacks',
    entry: 'server.js',
    serves: { 'GET /seeds': ['rye', 'oats'], 'GET /samples': [] },
    file: 'routes/webhooks.js',
    router: {
      'server.js': [
        "const webhooks = require('./routes/webhooks')",
        'await fastify.register(webhooks)',
      ],
    },
    middleware: ['plugins/audit-log.js', 'server.js'],
  },
  {
    name: 'called-routes',
    entry: 'index.js',
    serves: { 'GET /games': [], 'GET /players': [{ name: 'Vera' }] },
    file: 'lib/routes/webhooks.js',
    router: {
      'lib/routes/index.js': [
        "const webhooks = require('./webhooks')",
        'module.exports = [games, players, webhooks]',
      ],
    },
    middleware: ['index.js', 'plugins/audit-log.js'],
  },
  {
    name: 'static-method',
    entry: 'src/server.ts',
    serves: { 'GET /bikes': [{ frame: 'K-12' }], 'GET /stations': [] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/routes/index.ts': ["import webhooks from './webhooks.js'", 'server.register(webhooks)'],
    },
    middleware: ['src/plugins/audit-log.ts', 'src/server.ts'],
  },
  {
    name: 'script-without-endings',
    entry: 'src/server.ts',
    serves: { 'GET /dogs': [{ name: 'Rex' }] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/app.ts': ["import webhooks from './routes/webhooks.js'", 'app.register(webhooks)'],
    },
    middleware: ['src/app.ts', 'src/plugins/audit-log.ts'],
  },
  {
    name: 'token-script',
    entry: 'src/app.ts',
    serves: { 'GET /boats': [], 'GET /sailors': [{ name: 'Ada' }] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/app.ts': ["import webhooks from './routes/webhooks.js'", 'app.register(webhooks)'],
    },
    middleware: ['src/app.ts', 'src/plugins/audit-log.ts'],
  },
  {
    name: 'exported-app',
    entry: 'src/index.ts',
    serves: { 'GET /api/tides': [{ high: '04:12', low: '10:31' }] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/index.ts': [
        "import webhooks from './routes/webhooks.js'",
        'await app.register(webhooks)',
      ],
    },
    middleware: ['src/index.ts', 'src/plugins/audit-log.ts'],
  },
  {
    name: 'exported-through-barrel',
    entry: 'src/main.ts',
    serves: { 'GET /packets': ['rye', 'oats'] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/main.ts': [
        'import webhooks from "./routes/webhooks";',
        'await server.register(webhooks);',
      ],
    },
    middleware: ['src/http/audit-log.ts', 'src/main.ts'],
  },
  {
    name: 'exported-by-commonjs',
    entry: 'index.js',
    serves: { 'GET /shelves': ['A', 'B'], 'GET /parcels/AB12': { code: 'AB12' } },
    file: 'routes/webhooks.js',
    router: {
      'index.js': ["const webhooks = require('./routes/webhooks')", 'app.register(webhooks)'],
    },
    // The routes of app.js are there before those of index.js.
    middleware: ['app.js', 'plugins/audit-log.js'],
  },
  {
    name: 'exported-without-variable',
    entry: 'server.js',
    serves: { 'GET /bells': [{ tone: 'A', cast: 1702 }] },
    file: 'lib/webhooks.js',
    router: {
      'server.js': ["import webhooks from './lib/webhooks.js'", 'await app.register(webhooks)'],
    },
    middleware: ['plugins/audit-log.js', 'server.js'],
  },
  {
    name: 'exported-to-listen',
    entry: 'src/server.ts',
    serves: { 'GET /trees': [{ sort: 'Boskoop', planted: 1989 }] },
    file: 'src/routes/webhooks.ts',
    router: {
      'src/app.ts': ["import webhooks from './routes/webhooks.js'", 'app.register(webhooks)'],
    },
    middleware: ['src/app.ts', 'src/plugins/audit-log.ts'],
  },
]
