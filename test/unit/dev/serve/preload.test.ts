import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { preloadOf, stillFits } from '../../../../src/dev/serve/preload.ts'
import { importReader } from '../../../../src/system/module-imports.ts'
import { temporaryFolder, writeTree } from '../../../support/tree.ts'

const read = await importReader()
const importsOf = (_path: string, text: string) => read(text)

const server = `import fastify from 'fastify'
import { join } from 'node:path'
import './types.js'
export * from './app.js'
`
const app = `import deep from '@scope/pack/deep.js'
import self from 'my-app/self'
import { linked } from 'linked'
await import('pretty')
await import('never')
`
const run = [
  'dist/server.js',
  'dist/app.js',
  'dist/types.js',
  'node_modules/fastify/fastify.js',
  'node_modules/@scope/pack/deep.js',
  'node_modules/.pnpm/pretty@1/node_modules/pretty/index.js',
]

function project(files: Readonly<Record<string, string>> = {}) {
  const root = temporaryFolder()
  writeTree(root, {
    'dist/server.js': server,
    'dist/app.js': app,
    'dist/types.js': '/** Types. */\nexport {};\n//# sourceMappingURL=types.js.map',
    'dist/other.js': 'export const other = 1\n',
    'node_modules/fastify/fastify.js': '',
    ...files,
  })
  return root
}

function loadedIn(root: string, more: readonly string[] = []): readonly string[] {
  const [first = '', ...rest] = [...run, ...more].map((path) => join(root, path))
  return ['node:fs', '', 'data:text/javascript,1', pathToFileURL(first).href, ...rest]
}

it('loads what was imported by name and lies among installed packages', () => {
  const root = project()
  const { packages, folders } = preloadOf(root, loadedIn(root), importsOf) ?? {}
  expect(packages).toEqual(['@scope/pack/deep.js', 'fastify', 'pretty'])
  expect(folders).toContain(join(root, 'node_modules/fastify'))
})

it('loads nothing of modules that have not run', () => {
  const root = project({ 'dist/cli.js': "import a from 'fastify/more'\n" })
  expect(preloadOf(root, loadedIn(root), importsOf)?.packages).not.toContain('fastify/more')
})

it('loads nothing early where linked code has run', () => {
  const root = project()
  expect(preloadOf(root, loadedIn(root, ['../linked/index.js']), importsOf)).toBeUndefined()
})

const unsafe: readonly (readonly [string, string])[] = [
  ['an import for its effect', "import 'dotenv'\n"],
  ['a module of its own for its effect', "import './types.js'\nimport './effect.js'\n"],
  ['settings in the environment', "process.env.TZ = 'UTC'\n"],
  ['settings by name', "process.env['TZ'] ??= 'UTC'\n"],
  ['settings of a file', "import { loadEnvFile } from 'node:process'\nloadEnvFile()\n"],
  ['a global', 'globalThis.fetch = 1\n'],
  ['hooks of modules', "import { createRequire, register } from 'node:module'\n"],
  ['hooks of all modules', "import Module from 'node:module'\nModule.register('./hooks.js')\n"],
  ['a package that patches others', "import tracer from 'dd-trace'\n"],
  ['an instrumentation', "import { Pg } from '@opentelemetry/instrumentation-pg'\n"],
]
const safe: readonly (readonly [string, string])[] = [
  ['reading the environment', "const a = process.env.TZ === 'UTC'\n"],
  ['a global that is read', 'const a = globalThis.fetch\n'],
  ['a plugin that is registered', "app.register(x)\nimport { createRequire } from 'node:module'\n"],
  ['traces', "import { trace } from '@opentelemetry/api'\n"],
]

it.each([
  ...unsafe.map((one) => [...one, false] as const),
  ...safe.map((one) => [...one, true] as const),
])('with %s', (_name, text, isSafe) => {
  const before = project({ 'dist/effect.js': 'console.log(1)\n' })
  const packages = preloadOf(before, loadedIn(before), importsOf)?.packages ?? []
  const root = project({ 'dist/effect.js': 'console.log(1)\n', 'dist/types.js': text })
  // What is there for its effect alone must not be.
  if (isSafe) writeTree(root, { 'dist/server.js': "import fastify from 'fastify'\n" })
  expect(preloadOf(root, loadedIn(root), importsOf) !== undefined).toBe(isSafe)
  expect(stillFits(root, packages, importsOf)).toBe(isSafe)
})

it('fits no longer once a package is not imported any more', () => {
  const root = project()
  expect(stillFits(root, ['fastify', 'pretty'], importsOf)).toBe(true)
  writeTree(root, { 'dist/app.js': '' })
  expect(stillFits(root, ['fastify'], importsOf)).toBe(true)
  expect(stillFits(root, ['fastify', 'pretty'], importsOf)).toBe(false)
})
