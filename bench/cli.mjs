// Start-up, create and generate beside Node itself, the Nest CLI and fastify-cli. Exits 1 over a limit.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { compare } from './pairs.mjs'
import { folder, own } from './projects.mjs'

const here = import.meta.dirname
const nest = ['node', resolve(here, 'node_modules/@nestjs/cli/bin/nest.js')]
const fastify = [
  'node',
  join(dirname(createRequire(import.meta.url).resolve('fastify-cli')), 'cli.js'),
]
const bare = { command: ['node', '-e', '0'] }

const ourCreate = [...own, './app', '--yes', '--no-install']
const nestCreate = [...nest, 'new', 'app', '--skip-install', '--package-manager', 'npm']

const ourModel = folder()
execFileSync(ourCreate[0], ourCreate.slice(1), { cwd: ourModel })
const nestModel = folder()
execFileSync(nestCreate[0], nestCreate.slice(1), { cwd: nestModel })
// Without this dependency the schematic would run npm install, and that is not what is compared.
const nestPackage = join(nestModel, 'app/package.json')
const manifest = JSON.parse(readFileSync(nestPackage, 'utf8'))
manifest.dependencies['@nestjs/mapped-types'] = '*'
writeFileSync(nestPackage, JSON.stringify(manifest, null, 2))

const fields = ['name:string:120', 'price:decimal:10,2', 'sku:string:40:unique']

const results = [
  compare({
    name: '--version : node -e 0',
    ours: { command: [...own, '--version'] },
    theirs: bare,
    limit: 1.6,
    pairs: 15,
  }),
  compare({
    name: '--help : node -e 0',
    ours: { command: [...own, '--help'] },
    theirs: bare,
    limit: 1.6,
    pairs: 15,
  }),
  compare({
    name: 'create --no-install : nest new --skip-install',
    ours: { command: ourCreate, prepare: () => folder() },
    theirs: { command: nestCreate, prepare: () => folder() },
    limit: 0.7,
  }),
  compare({
    name: 'create --no-install : fastify generate',
    ours: { command: ourCreate, prepare: () => folder() },
    theirs: { command: [...fastify, 'generate', 'app', '--lang=ts'], prepare: () => folder() },
  }),
  compare({
    name: 'generate resource : nest g resource',
    ours: {
      command: [...own, 'generate', 'resource', 'Product', ...fields],
      prepare: () => join(folder(ourModel), 'app'),
    },
    theirs: {
      command: [...nest, 'g', 'resource', 'products', '--type', 'rest', '--crud'],
      prepare: () => join(folder(nestModel), 'app'),
    },
    limit: 0.35,
  }),
]

process.exitCode = results.every(Boolean) ? 0 : 1
