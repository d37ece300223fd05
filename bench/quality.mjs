// `dev quality` beside its own four commands, its slowest one alone, and the four npm scripts.
// Exits 1 over a limit.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { compare } from './pairs.mjs'
import { folder, own, run } from './projects.mjs'

const quality = [...own, 'dev', 'quality']
const pairs = 3

const parent = folder()
run(parent, [...own, './app', '--yes', '--features', 'database', '--no-git', '--no-install'])
const app = join(parent, 'app')
for (const [name, ...fields] of [
  ['Product', 'name:string:120', 'price:decimal:10,2'],
  ['Customer', 'email:string:120:unique'],
  ['Order', 'total:decimal:12,2', 'placedAt:timestamp'],
]) {
  run(app, [...own, 'generate', 'resource', name, ...fields, '--no-install'])
}
run(app, ['npm', 'install', '--no-audit', '--no-fund'])

const prepare = () => app
const [program, ...args] = [...quality, '--json']
const document = execFileSync(program, args, { cwd: app, encoding: 'utf8' })
const { checks } = JSON.parse(document)
const [slowest] = checks.toSorted((a, b) => b.seconds - a.seconds)
const env = { PATH: `${join(app, 'node_modules/.bin')}:${process.env.PATH}` }
const sideBySide = `${checks.map(({ command }) => `${command} &`).join(' ')} wait`
const scripts = 'npm run lint && npm run format:check && npm run typecheck && npm test'

const results = [
  compare({
    name: 'dev quality : its commands side by side',
    ours: { command: quality, prepare },
    theirs: { command: ['sh', '-c', sideBySide], prepare, env },
    limit: 1.15,
    pairs,
  }),
  // Without a limit: the tests use up to four cores, so with as few the other checks come on top.
  compare({
    name: `dev quality : ${slowest.name} alone`,
    ours: { command: quality, prepare },
    theirs: { command: ['sh', '-c', slowest.command], prepare, env },
    pairs,
  }),
  compare({
    name: 'dev quality : the four npm scripts',
    ours: { command: quality, prepare },
    theirs: { command: ['sh', '-c', scripts], prepare },
    limit: 1,
    pairs,
  }),
]

process.exitCode = results.every(Boolean) ? 0 : 1
