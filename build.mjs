// Bundles src into dist: a start-up that reads a few files instead of a hundred is much faster.
// What a command imports only when it runs stays in chunks of its own. CommonJS, because Node loads
// that in half the time of ES modules.
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import handlebars from 'handlebars'
import { rolldown } from 'rolldown'

const entry = resolve('src/bin.ts')

/** What every command that works in a project needs. */
const core = [
  'src/apply.ts',
  'src/cli/workplace.ts',
  'src/plan/generate.ts',
  'src/plan/surroundings.ts',
  'src/generators/router.ts',
].map((file) => resolve(file))

/** Packages that most commands load; all others stay outside. */
const inside = ['chalk', 'commander', 'handlebars/runtime.js']

/** Whether one of the roots reaches a module by static imports. */
function isReached(id, graph, roots, seen = new Set()) {
  if (roots.includes(id)) return true
  if (seen.has(id)) return false
  seen.add(id)
  return graph.getModuleInfo(id).importers.some((above) => isReached(above, graph, roots, seen))
}

/** A chunk of all that the roots reach, less what a chunk of higher priority has. */
function chunk(name, roots, priority) {
  const test = (id, graph) => (id !== entry && isReached(id, graph, roots) ? name : null)
  return { debugName: name, name: test, priority }
}

/** The package that a file belongs to. */
function packageOf(file) {
  const folder = dirname(file)
  return existsSync(join(folder, 'package.json')) ? folder : packageOf(folder)
}

/** The licenses of what is bundled, as they ask for. */
function licenses(files) {
  const packages = new Set(files.filter((file) => file.includes('node_modules')).map(packageOf))
  return [...packages].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = ['LICENSE', 'license', 'LICENSE.md'].find((file) => existsSync(join(folder, file)))
    return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  })
}

/** The templates as functions, by their hashes: to compile them takes longer than all other rendering. */
function precompiled() {
  const files = readdirSync('templates', { recursive: true }).filter((file) =>
    file.endsWith('.hbs'),
  )
  const texts = new Set(files.map((file) => readFileSync(join('templates', file), 'utf8')))
  const options = JSON.parse(readFileSync('src/render/template-options.json', 'utf8'))
  const functions = [...texts].map((text) => {
    const hash = createHash('sha256').update(text).digest('hex')
    return `'${hash}': ${handlebars.precompile(text, options)},\n`
  })
  return `module.exports = {\n${functions.join('')}}\n`
}

rmSync('dist', { recursive: true, force: true })
const bundle = await rolldown({
  input: entry,
  platform: 'node',
  external: (id, importer) =>
    !id.startsWith('.') &&
    !isAbsolute(id) &&
    !inside.includes(id) &&
    !importer?.includes('node_modules'),
})
const { output } = await bundle.write({
  dir: 'dist',
  format: 'cjs',
  chunkFileNames: '[name].js',
  codeSplitting: { groups: [chunk('start', [entry], 2), chunk('core', core, 1)] },
})
const files = output.flatMap(({ moduleIds = [] }) => moduleIds)
writeFileSync('dist/precompiled.js', precompiled())
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')
writeFileSync('dist/LICENSES.txt', licenses(files).join(`\n${'-'.repeat(80)}\n\n`))
await bundle.close()
chmodSync('dist/bin.js', 0o755)
