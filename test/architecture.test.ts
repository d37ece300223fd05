import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const src = join(root, 'src')

/** Layers from left to right; a file imports its own layer's folder, or what stands to the right. */
const layers: readonly (readonly string[])[] = [
  ['bin.ts'],
  ['cli'],
  ['apply.ts'],
  ['doctor', 'dev', 'render'],
  ['plan'],
  ['features', 'generators'],
  ['project'],
  ['changes', 'options'],
  ['edits'],
  ['system'],
  ['errors.ts', 'versions.ts'],
  ['model'],
]

/** The only home of each package. */
const homes: Readonly<Record<string, string>> = {
  '@clack/prompts': 'cli',
  '@prometheus-io/lezer-promql': 'doctor',
  chalk: 'cli',
  chokidar: 'system',
  commander: 'cli',
  diff: 'changes',
  'es-module-lexer': 'system',
  execa: 'system',
  'fs-extra': 'system',
  handlebars: 'render',
  'jsonc-parser': 'edits',
  'ts-morph': 'edits',
  yaml: 'edits',
}

/** The package of a specifier, which may name a file in it. */
function packageOf(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
}

interface Import {
  readonly from: string
  readonly file: string
  readonly to: string
  readonly typeOnly: boolean
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)|createRequire\([^)]*\)\('([^']+)'\)/g,
  )
  return [...found].map((match) => ({
    file,
    from: homeOf(file),
    to: match[2] ?? match[3] ?? match[4] ?? '',
    typeOnly: match[1] !== undefined,
  }))
})

function homeOf(file: string): string {
  return file.split('/')[0] ?? file
}

function layerOf(home: string): number {
  return layers.findIndex((layer) => layer.includes(home))
}

describe('the architecture', () => {
  it('finds the imports it is about to judge', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(150)
    for (const file of files) expect(layerOf(homeOf(file)), file).toBeGreaterThanOrEqual(0)
  })

  it('imports only to the right', () => {
    const wrong = imports
      .filter(({ to }) => to.startsWith('.') && to.endsWith('.ts'))
      .map(({ file, from, to }) => ({
        file,
        from,
        to: homeOf(relative(src, resolve(src, file, '..', to))),
      }))
      .filter(({ from, to }) => from !== to && layerOf(to) <= layerOf(from))
      .map(({ file, to }) => `${file} imports ${to}`)
    expect(wrong).toEqual([])
  })

  it('has one home for each package', () => {
    const builtin = new Set(builtinModules)
    const wrong = imports
      .filter(({ to }) => !to.startsWith('.') && !to.startsWith('node:') && !builtin.has(to))
      .filter(({ from, to }) => homes[packageOf(to)] !== from)
      .map(({ file, to }) => `${file} imports ${to}`)
    expect(wrong).toEqual([])
  })

  it('touches files in system alone', () => {
    const touching = imports.filter(({ to }) => /^(node:)?fs\b/.test(to)).map(({ from }) => from)
    expect(new Set(touching)).toEqual(new Set(['system']))
  })

  it('uses every package that it depends on', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    // Peers of lezer-promql.
    const peers = ['@lezer/highlight', '@lezer/lr']
    expect(Object.keys(dependencies).sort()).toEqual([...Object.keys(homes), ...peers].sort())
  })
})
