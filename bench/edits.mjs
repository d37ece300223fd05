// What it costs to write into a project: start-up, caches, long files, large projects. Exits 1 over a limit.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { compare, peak, time } from './pairs.mjs'
import { folder, longer, own, project, run, withResources, withUnrelated } from './projects.mjs'

const bare = { command: ['node', '-e', '0'] }
const inject = [...own, 'generate', 'router', 'webhooks', '--no-install']
const resource = [...own, 'generate', 'resource', 'Invoice', 'name:string', '--no-install']

const caches = folder()
const env = { CREATE_SERVICE_CACHE: join(caches, 'warm') }
const empty = { CREATE_SERVICE_CACHE: join(caches, 'empty') }
const off = { CREATE_SERVICE_CACHE: 'off' }
process.env.CREATE_SERVICE_CACHE = env.CREATE_SERVICE_CACHE

const model = project()
const copy = (of) => ({ prepare: () => folder(of) })
/** In a project that is too large for a copy each time: what was generated is destroyed again. */
function repeated(path, command) {
  let isDone = false
  const destroy = [...own, 'destroy', ...command.slice(own.length + 1, own.length + 3)]
  const prepare = () => {
    if (isDone) run(path, destroy)
    isDone = true
    return path
  }
  return { command, env, prepare }
}
const done = (command) => {
  const path = folder(model)
  run(path, command)
  return { command, prepare: () => path }
}
const cold = {
  command: inject,
  env: empty,
  prepare() {
    rmSync(empty.CREATE_SERVICE_CACHE, { recursive: true, force: true })
    return folder(model)
  },
}
const warm = { command: inject, env, ...copy(model) }

const long = longer(model, 'src/resources/index.ts', 20_000)
const [few, many] = [10, 3_000].map((count) => repeated(withUnrelated(model, count), inject))
const [small, large] = [10, 3_000].map((count) => repeated(withResources(model, count), resource))

const name = {
  noop: 'second generate router : node -e 0',
  noopResource: 'second generate resource : node -e 0',
  off: 'generate router, no cache : node -e 0',
  cold: 'generate router, empty cache : node -e 0',
  warm: 'generate router, warm cache : node -e 0',
  files: '3,000 unrelated files : 10, generate router',
  resources: '3,000 resources : 10, generate resource',
}

const results = [
  compare({ name: name.noop, ours: done(inject), theirs: bare, limit: 1.6, pairs: 15 }),
  compare({ name: name.noopResource, ours: done(resource), theirs: bare, limit: 1.6, pairs: 15 }),
  compare({ name: name.off, ours: { ...warm, env: off }, theirs: bare, limit: 7 }),
  compare({ name: name.cold, ours: cold, theirs: bare, limit: 7 }),
  compare({ name: name.warm, ours: warm, theirs: bare, limit: 4 }),
  peak({ name: 'generate router, empty cache, most memory', ours: cold, limit: 150 }),
  peak({ name: 'generate router, warm cache, most memory', ours: warm, limit: 150 }),
  time({ name: 'into 20,000 lines', ours: { ...warm, ...copy(long) }, limit: 1_500 }),
  compare({ name: name.files, ours: many, theirs: few, limit: 1.15 }),
  compare({ name: name.resources, ours: large, theirs: small, limit: 1.5 }),
]

process.exitCode = results.every(Boolean) ? 0 : 1
