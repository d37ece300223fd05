import { join, sep } from 'node:path'
import { installedPackage } from '../../project/package.ts'
import { exists, readTextIfAny } from '../../system/files.ts'
import { realPlace } from '../../system/places.ts'
import type { Facts } from '../facts.ts'

const dependencyKinds = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const

/** A dependency as package.json asks for it. */
export interface Declared {
  readonly name: string
  readonly kind: (typeof dependencyKinds)[number]
  /** The value in package.json: a range, a path, a repository. */
  readonly range: string
  readonly installed: string | undefined
  /** What to ask the registry for; nothing where it does not come from there. */
  readonly asked: { readonly name: string; readonly range: string | undefined } | undefined
}

/** The direct dependencies of a project, in the order of package.json. */
export function declaredIn(facts: Pick<Facts, 'levels'>): readonly Declared[] {
  const own = facts.levels[0].package
  return dependencyKinds.flatMap((kind) =>
    Object.entries(own[kind] ?? {})
      .filter(([name]) => kind !== 'dependencies' || own.optionalDependencies?.[name] === undefined)
      .map(([name, range]) => ({
        name,
        kind,
        range,
        installed: installedVersion(facts, name, range),
        asked: isLinked(facts, name) ? undefined : askedFor(name, range),
      })),
  )
}

const elsewhere =
  /^(file|link|portal|workspace|patch|exec|git|git\+\w+|git@.*|github|gitlab|bitbucket|gist|https?|ssh|jsr):|^[./~]|^[^@\s/]+\/[^\s]+$/

/** Which package of the registry a range means: an alias has another name, a catalog another range. */
function askedFor(name: string, range: string): Declared['asked'] {
  const alias = /^npm:(?<name>@[^@]+|[a-z][^@]*)(?:@(?<range>.+))?$/.exec(range)?.groups
  if (alias !== undefined) return { name: alias.name ?? name, range: alias.range ?? '*' }
  if (range.startsWith('npm:')) return { name, range: range.slice(4) }
  if (range.startsWith('catalog:')) return { name, range: undefined }
  return elsewhere.test(range) ? undefined : { name, range: range.trim() || '*' }
}

/** Whether a local folder is installed, such as another member of a workspace. */
function isLinked({ levels }: Pick<Facts, 'levels'>, name: string): boolean {
  const places = levels.map(({ folder }) => join(folder, 'node_modules', name))
  const found = places.find((place) => exists(join(place, 'package.json')))
  return found !== undefined && !realPlace(found).split(sep).includes('node_modules')
}

/** From node_modules, here or above; with Plug'n'Play from the lock file. */
function installedVersion(
  { levels }: Pick<Facts, 'levels'>,
  name: string,
  range: string,
): string | undefined {
  const manifests = levels.map(({ folder }) => installedPackage(folder, name))
  const found = manifests.find((manifest) => manifest?.version !== undefined)?.version
  const home = levels.find(({ names }) => names.includes('.pnp.cjs'))
  if (found !== undefined || home === undefined) return found
  return lockedVersion(readTextIfAny(join(home.folder, 'yarn.lock')) ?? '', name, range)
}

/** The version that yarn.lock has under `name@npm:range`. */
function lockedVersion(lock: string, name: string, range: string): string | undefined {
  const keys = [`${name}@npm:${range}`, `${name}@${range}`]
  const isIt = (line: string) =>
    /^"?[^\s#]/.test(line) &&
    line
      .replace(/^"|"?:$/g, '')
      .split(', ')
      .some((key) => keys.includes(key))
  const lines = lock.split(/\r?\n/)
  const at = lines.findIndex(isIt)
  return at === -1 ? undefined : /^ {2}version: "?([^"\s]+)/.exec(lines[at + 1] ?? '')?.[1]
}
