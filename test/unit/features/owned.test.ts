import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { features } from '../../../src/features/index.ts'
import { ownedByBase } from '../../../src/features/owners.ts'
import type { Owned } from '../../../src/model/owner.ts'

const templates = resolve(import.meta.dirname, '../../../templates')

/*
 * The lists of names in `src/features` are held against the templates, in both directions: a route
 * that is missing from a list could be taken by a resource, and one too many forbids a good name.
 */
describe.each<[string, string, Partial<Owned>]>([
  ['the base', 'service', ownedByBase],
  ...features.map(({ id, owned }): [string, string, Partial<Owned>] => [
    id,
    `features/${id}`,
    owned,
  ]),
])('%s', (_, folder, owned) => {
  const source = textsBelow(join(templates, folder, 'src')).join('\n')
  const routes = routesIn(source)

  it('lists the operation of every route', () => {
    const operations = operationsIn(source)
    expect(operations).toHaveLength(routes.length)
    expect(sorted(owned.operations)).toEqual(sorted(operations))
  })

  it('lists what every path begins with', () => {
    const all = [...routes, ...hiddenIn(source)]
    const listed = [
      ...(owned.paths ?? []).map((path) => `<api>/${path}`),
      ...(owned.rootPaths ?? []),
    ]
    const beginsWith = (path: string, start: string) => `${path}/`.startsWith(`${start}/`)
    expect(all.filter((path) => !listed.some((start) => beginsWith(path, start)))).toEqual([])
    expect(listed.filter((start) => !all.some((path) => beginsWith(path, start)))).toEqual([])
  })

  it('lists every table', () => {
    const declared = [...source.matchAll(/pgTable\(\s*'(\w+)'|historyTable = '(\w+)'/g)]
    expect(sorted(owned.tables)).toEqual(sorted(declared.map(([, one, two]) => one ?? two ?? '')))
  })

  it('lists every migration', () => {
    const names = namesIn(join(templates, folder, 'migrations')).flatMap(
      (name) => /^\d+_(\w+)\.up\.sql$/.exec(name)?.[1] ?? [],
    )
    expect(sorted(owned.migrations)).toEqual(sorted(names))
  })

  it('lists every schema with an id', () => {
    const ids = [...source.matchAll(/\$id: '(\w+)'/g)].map(([, id = '']) => id)
    expect(sorted(owned.schemas)).toEqual(sorted(ids))
  })

  it('lists every plugin, by its name and by the identifier it is registered with', () => {
    const named = [...source.matchAll(/\n {2}\{\s*name: '([\w-]+)'/g)].map(([, name = '']) => name)
    expect(sorted(owned.plugins)).toEqual(sorted(named))
    const feature = features.find(({ id }) => folder === `features/${id}`)
    const identifiers = (feature?.contributions ?? []).flatMap(({ path, op }) =>
      path === 'src/plugins.ts' && op.op === 'ensureImport' ? [op.name] : [],
    )
    const kebab = identifiers.map((name) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`))
    expect(named).toEqual(expect.arrayContaining(kebab))
  })

  it('lists every test of the API', () => {
    const names = namesIn(join(templates, folder, 'test/api'))
    const tests = names.flatMap((name) => /^(.+)\.test\.ts(\.hbs)?$/.exec(name)?.[1] ?? [])
    expect(sorted(owned.tests)).toEqual(sorted(tests))
  })
})

function sorted(names: readonly string[] = []): readonly string[] {
  return [...new Set(names)].sort()
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function textsBelow(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return names
      .filter((name) => /\.ts(\.hbs)?$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
  } catch {
    return []
  }
}

/** Declared as an id, or as a summary of which the documentation makes one. */
function operationsIn(source: string): readonly string[] {
  const declared = source.matchAll(
    /operationId: '(\w+)'|= operation\(\s*(?:\w+,\s*'[^']*',\s*)?'(\w+)'/g,
  )
  const named = [...declared].map(([, one, two]) => one ?? two ?? '')
  const summaries = [...source.matchAll(/ (?:probe\(|summary: )'(\w+) (?:an? )?(\w+)'/g)]
  return [
    ...named,
    ...summaries
      .map(([, verb = '', noun = '']) => verb.toLowerCase() + capital(noun))
      .filter((name) => !named.includes(name)),
  ]
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** `<api>/auth/me`: the paths of documented routes, with the prefix of the plugin they are in. */
function routesIn(source: string): readonly string[] {
  return routeCalls(source).flatMap(({ path, isHidden }) => (isHidden ? [] : [path]))
}

/** Pages, whose paths may be made from a table of names. */
function hiddenIn(source: string): readonly string[] {
  const hidden = routeCalls(source).flatMap(({ path, isHidden }) => (isHidden ? [path] : []))
  const dynamic = source.matchAll(/routePrefix: '([^']+)'|url: `(\/[^`]+)`/g)
  return [...hidden, ...[...dynamic].map(([, one, two]) => one ?? two ?? '')]
}

function routeCalls(source: string): readonly { path: string; isHidden: boolean }[] {
  const prefixes = new Map(
    [...source.matchAll(/register\((\w+), \{\s*prefix: ([^\n]+)/g)].map(
      ([, plugin = '', prefix = '']) => [plugin, prefixOf(prefix)] as const,
    ),
  )
  const blocks = source.split(/\n(?=(?:export )?(?:const|async function|function) )/)
  return blocks.flatMap((block) => {
    const [, name = ''] = /^(?:export )?(?:const|async function|function) (\w+)/.exec(block) ?? []
    const calls = block.matchAll(
      /app\.(?:get|post|put|patch|delete)\(\s*(?:'([^']*)'|url),([^\n]*)/g,
    )
    return [...calls].map(([, path = '/errors', rest = '']) => ({
      path: (prefixes.get(name) ?? '') + path,
      isHidden: rest.includes('hide: true'),
    }))
  })
}

/** Of `apiPrefix`, `'/health'` or `${server.apiPrefix}/rate-limits`. */
function prefixOf(expression: string): string {
  if (/^[\w.]*apiPrefix/.test(expression)) return '<api>'
  const [, text = ''] = /^['`]([^'`]*)['`]/.exec(expression) ?? []
  return text.replace(/\$\{[\w.]*apiPrefix\}/, '<api>')
}
