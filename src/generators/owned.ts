import { unitIds } from '../changes/units.ts'
import { RefusedError } from '../errors.ts'
import type { Owned, Owner } from '../model/owner.ts'
import type { Place } from '../model/place.ts'
import type { UnitHead, UnitId } from '../model/unit.ts'
import { unitId } from '../model/unit.ts'
import { pascal, wordsOf } from '../options/word-case.ts'
import type { Surroundings } from './generator.ts'
import { mountedPath } from './router/mount.ts'
import { samplePath } from './router/prefix.ts'

type Known = Pick<Surroundings, 'namesIn' | 'recorded' | 'owners' | 'apiPrefix' | 'isService'>
type Asked = Pick<UnitHead, 'kind' | 'name' | 'args'>

/**
 * Refuses a new thing whose paths, tables, operations and so on belong to something else: to the
 * base, to a feature, whether it is there or not, or to another generated thing.
 * @throws {RefusedError} that says what is taken, whose it is, and what to do
 */
export function refuseOwned(asked: Asked, known: Known): void {
  const wanted = ownedBy(asked, known)
  const owners = [...known.owners, ...unitOwners(unitId(asked), known)]
  for (const key of Object.keys(labels) as (keyof Owned)[]) {
    for (const name of wanted[key] ?? []) {
      const owner = owners.find((one) => isOwner(one, key, name))
      if (owner === undefined) continue
      throw new RefusedError([
        {
          code: 'NAME_TAKEN',
          message: `${labels[key](name, known.apiPrefix)} belongs to ${owner.title}${owner.isPresent ? '' : ', which could not be added then'}.`,
          hint: hintOf(asked, key, name),
        },
      ])
    }
  }
}

const labels: Readonly<Record<keyof Owned, (name: string, apiPrefix: string) => string>> = {
  paths: (name, apiPrefix) => `The path ${apiPrefix}/${name}`,
  rootPaths: (name) => `The path ${name}`,
  tables: (name) => `The table ${name}`,
  migrations: (name) => `The migration ${name}`,
  schemas: (name) => `The schema ${name}`,
  operations: (name) => `The operation ${name}`,
  plugins: (name) => `The plugin ${name}`,
  tests: (name) => `The test test/api/${name}.test.ts`,
}

function isOwner({ owned, ownsBelow }: Owner, key: keyof Owned, name: string): boolean {
  const isPath = key === 'paths' || key === 'rootPaths'
  if (!isPath) return owned[key]?.includes(name) === true
  const path = samplePath(name)
  return (owned[key] ?? []).some((other) => {
    const theirs = samplePath(other)
    return path === theirs || (ownsBelow && path.startsWith(`${theirs}/`))
  })
}

/** Only some of a resource's names follow from its plural. */
function hintOf({ kind }: Asked, key: keyof Owned, name: string): string {
  if (kind === 'router' && key !== 'operations' && key !== 'tests') {
    return 'Choose another name, or another path with --prefix.'
  }
  const isPlural = key === 'operations' ? name.startsWith('list') : key !== 'schemas'
  return kind === 'resource' && isPlural
    ? 'Choose another name, or another plural with --plural <word>.'
    : 'Choose another name.'
}

/** The other things that were generated here. */
function unitOwners(own: UnitId, known: Known): readonly Owner[] {
  return unitIds(known.namesIn).flatMap((id) => {
    const isOther = id !== own && /^(resource|router)-/.test(id)
    const unit = isOther ? known.recorded(id) : undefined
    if (unit === undefined) return []
    const title = `the ${unit.kind} ${unit.name}`
    return [{ title, isPresent: true, ownsBelow: false, owned: ownedBy(unit, known) }]
  })
}

/** What a thing has for itself. Says nothing of the rules for names: recorded ones may be older. */
function ownedBy(
  { kind, name, args }: Asked,
  { isService, apiPrefix }: Pick<Known, 'isService' | 'apiPrefix'>,
): Partial<Owned> {
  const one = pascal(wordsOf(name))
  if (kind === 'resource') {
    const plural = String(args.plural)
    const table = plural.replaceAll('-', '_')
    return {
      ...(isService
        ? { paths: [plural], migrations: [`create_${table}`], tests: [plural] }
        : { rootPaths: [`/${plural}`] }),
      tables: [table],
      schemas: [one],
      operations: [
        `list${pascal(wordsOf(plural))}`,
        ...['create', 'get', 'update', 'replace', 'delete'].map((verb) => verb + one),
      ],
    }
  }
  if (kind === 'router') {
    const operations = [`get${one}Health`]
    const asked = typeof args.prefix === 'string' ? args.prefix : `${apiPrefix}/${name}`
    const prefix = mountedPath(asked, (args.place ?? {}) as Pick<Place, 'prefix'>)
    if (!isService) return { rootPaths: [prefix], operations }
    const isBelow = prefix.startsWith(`${apiPrefix}/`)
    const path = isBelow ? { paths: [prefix.slice(apiPrefix.length + 1)] } : { rootPaths: [prefix] }
    return { ...path, operations, tests: [name] }
  }
  if (kind === 'middleware') return { plugins: [name] }
  return kind === 'migration' ? { migrations: [name.replaceAll('-', '_')] } : {}
}
