import type { Project } from '../support/foreign.ts'

/**
 * A project that takes a router and a middleware. In these texts `{name}` stands for what is
 * imported and `{file}` for its file: `webhooks` and `routes/webhooks`, or `auditLog` and
 * `plugins/audit-log`.
 */
export interface OpenProject extends Project {
  readonly file: string
  /** Where it is registered, and by which lines, awaited or not; a loader needs none. */
  readonly wired?: string
  readonly lines?: readonly string[]
}

export const openProjects: readonly OpenProject[] = [
  {
    name: 'plain-commonjs',
    entry: 'index.js',
    serves: { 'GET /': { name: 'bookshelf' }, 'GET /books/2': { id: 2, title: 'Solaris' } },
    file: '{file}.js',
    wired: 'index.js',
    lines: ["const {name} = require('./{file}')", 'fastify.register({name})'],
  },
  {
    name: 'app-and-server',
    entry: 'src/server.ts',
    serves: { 'GET /tasks': [{ id: 1, title: 'Write it down', done: true }] },
    file: 'src/{file}.ts',
    wired: 'src/app.ts',
    lines: ["import {name} from './{file}.js'", 'app.register({name})'],
  },
  {
    name: 'autoload-commonjs',
    entry: 'server.js',
    serves: { 'GET /': { station: 'roof' }, 'GET /readings': { temperature: 20 } },
    file: '{file}.js',
  },
  {
    name: 'autoload-typescript',
    entry: 'src/server.ts',
    serves: {
      'GET /': { open: { from: 10, to: 18 } },
      'GET /rooms': [{ number: 12, theme: 'maps' }],
    },
    file: 'src/{file}.ts',
  },
  {
    name: 'class-field',
    entry: 'src/main.ts',
    serves: {
      'GET /customers': [{ id: 'c-1', name: 'Ada' }],
      'GET /invoices': [{ id: 'i-1', customer: 'c-1', total: '12.50' }],
    },
    file: 'src/{file}.ts',
    wired: 'src/api-server.ts',
    lines: ['import {name} from "./{file}.js";', 'this.app.register({name});'],
  },
  {
    name: 'plugin-list',
    entry: 'src/server.ts',
    serves: {
      'GET /ingredients': ['flour', 'salt', 'water'],
      'GET /recipes': [{ name: 'bread', minutes: 90 }],
    },
    file: 'src/{file}.ts',
    wired: 'src/server.ts',
    lines: ["import {name} from './{file}.js'", '{name},'],
  },
  {
    name: 'type-provider',
    entry: 'src/index.ts',
    serves: { 'GET /ping': 'pong', 'GET /parcels/AB12': { code: 'AB12', stop: 3 } },
    file: 'src/{file}.ts',
    wired: 'src/index.ts',
    lines: ["import {name} from './{file}.js'", 'server.register({name})'],
  },
  {
    name: 'monorepo',
    folder: 'packages/api',
    entry: 'packages/api/src/main.ts',
    serves: { 'GET /loans': { book: 'Solaris', weeks: 4 } },
    file: 'packages/api/src/{file}.ts',
    wired: 'packages/api/src/main.ts',
    lines: ["import {name} from './{file}.ts'", 'app.register({name})'],
  },
  {
    name: 'decorated-controllers',
    entry: 'src/main.ts',
    serves: {
      'GET /pets': [{ name: 'Mia', kind: 'cat' }],
      'GET /visits/Mia': { pet: 'Mia', day: '2026-01-02' },
    },
    file: 'src/{file}.ts',
    wired: 'src/main.ts',
    lines: ["import {name} from './{file}.js';", 'app.register({name});'],
  },
  {
    name: 'fastify-4-esm',
    entry: 'src/index.js',
    serves: { 'GET /entries': [{ by: 'Grace', text: 'Was here.' }] },
    file: 'src/{file}.js',
    wired: 'src/index.js',
    lines: ["import {name} from './{file}.js'", 'fastify.register({name})'],
  },
  {
    name: 'fastify-4-commonjs',
    entry: 'src/index.ts',
    serves: { 'GET /stops/pier': { stop: 'pier', next: '12:04' } },
    file: 'src/{file}.ts',
    wired: 'src/index.ts',
    lines: ["import {name} from './{file}';", 'server.register({name});'],
  },
  {
    name: 'wrapped-app',
    entry: 'src/server.ts',
    serves: {
      'GET /issues': [{ number: 1, subject: 'Hello' }],
      'GET /subscribers/count': { count: 12 },
    },
    file: 'src/{file}.ts',
    wired: 'src/app.ts',
    lines: ["import {name} from './{file}.js'", 'app.register({name})'],
  },
  {
    name: 'registered-in-try',
    entry: 'src/index.ts',
    serves: { 'GET /garages': [{ name: 'North', free: 14 }], 'GET /tickets/7': { paid: true } },
    file: 'src/{file}.ts',
    wired: 'src/index.ts',
    lines: ["import {name} from './{file}.js'", 'app.register({name})'],
  },
  {
    name: 'late-instance',
    entry: 'src/server.ts',
    serves: { 'GET /rehearsals': [{ day: 'Tuesday', hour: 19 }] },
    file: 'src/{file}.ts',
    wired: 'src/server.ts',
    lines: ["import {name} from './{file}.js';", 'app.register({name});'],
  },
  {
    name: 'large-file',
    entry: 'src/server.ts',
    long: 'src/server.ts',
    serves: { 'GET /zones': ['A', 'B'], 'GET /tariffs/2': { price: 3 } },
    file: 'src/{file}.ts',
    wired: 'src/server.ts',
    lines: ["import {name} from './{file}.js'", 'app.register({name})'],
  },
  {
    name: 'crlf-and-tabs',
    entry: 'src/app.ts',
    serves: { 'GET /shifts': [{ who: 'Lin', from: '08:00' }] },
    file: 'src/{file}.ts',
    wired: 'src/app.ts',
    lines: ['import {name} from "./{file}.js";', 'app.register({name});'],
  },
  {
    name: 'routes-barrel',
    entry: 'src/server.ts',
    serves: { 'GET /films': [{ title: 'Playtime', year: 1967 }], 'GET /members': [{ name: 'Jo' }] },
    file: 'src/{file}.ts',
    wired: 'src/app.ts',
    lines: ["import {name} from './{file}.js'", 'fastify.register({name})'],
  },
  {
    name: 'bundler-paths',
    entry: 'src/main.ts',
    serves: { 'GET /beds': [{ bed: 1, plant: 'basil' }], 'GET /sensors': { moisture: 0.4 } },
    file: 'src/{file}.ts',
    wired: 'src/server.ts',
    lines: ["import {name} from './{file}'", 'server.register({name})'],
  },
  {
    name: 'subpath-imports',
    entry: 'src/main.mts',
    serves: { 'GET /departures': { from: 'East pier', at: '09:30' } },
    file: 'src/{file}.mts',
    wired: 'src/main.mts',
    lines: ["import {name} from './{file}.mts'", 'app.register({name})'],
  },
  {
    name: 'top-level-await',
    entry: 'main.mjs',
    serves: { 'GET /rules': { dice: 2, sides: 6 }, 'GET /games': [] },
    file: '{file}.mjs',
    wired: 'main.mjs',
    lines: ["import {name} from './{file}.mjs'", 'app.register({name})'],
  },
]
