import { posix } from 'node:path'
import { compareNatural } from './collation.ts'

// The groups in which Biome's organizeImports puts specifiers, first to last.
const GROUPS: readonly RegExp[] = [
  /^[a-z0-9_-][a-z0-9._-]*:\//,
  /^[a-z0-9_-][a-z0-9._-]*:[@a-z0-9_-]/,
  /^(?:[a-z0-9_-][a-z0-9._-]*|@[a-z0-9-].*)(?:\/|$)/,
  /^(?:@(?:\/|$)|[#~%$])/,
  /^(?:\/|\.\.?(?:\/|$))/,
]
const PATH_GROUP = 4

function group(specifier: string): number {
  return GROUPS.findIndex((pattern) => pattern.test(specifier))
}

function ascent(specifier: string): number {
  if (specifier.startsWith('/')) return Number.POSITIVE_INFINITY
  return posix
    .normalize(specifier)
    .split('/')
    .filter((part) => part === '..').length
}

function comparePaths(a: string, b: string): number {
  const [ascentA, ascentB] = [ascent(a), ascent(b)]
  if (ascentA !== ascentB) return ascentA > ascentB ? -1 : 1
  const names = (path: string) => path.split('/').filter((part) => !/^\.{0,2}$/.test(part))
  const [namesA, namesB] = [names(a), names(b)]
  for (const [i, name] of namesA.entries()) {
    const other = namesB[i]
    if (other === undefined) return 1
    const difference = compareNatural(name, other)
    if (difference !== 0) return difference
  }
  return namesA.length - namesB.length
}

/**
 * The order of import sources in Biome 2's organizeImports: URLs, packages with a protocol,
 * packages, aliases, then paths from the farthest to the nearest; natural order within.
 */
export function compareSpecifiers(a: string, b: string): number {
  const [groupA, groupB] = [group(a), group(b)]
  if (groupA !== groupB) return groupA - groupB
  return (groupA === PATH_GROUP ? comparePaths(a, b) : 0) || compareNatural(a, b)
}

/** Whether two specifiers name one module: `./u`, `./u.js`, `./u.ts` and `./u/index.ts` do. */
export function sameModule(a: string, b: string): boolean {
  return resolved(a) === resolved(b)
}

/**
 * Whether a specifier leads to the module of an op. That an alias means a file is known: it counts
 * without its ending even where it looks like a package.
 */
export function leadsTo(
  specifier: string,
  { from, aliases = [] }: { readonly from: string; readonly aliases?: readonly string[] },
): boolean {
  return sameModule(specifier, from) || aliases.some((alias) => stemOf(alias) === stemOf(specifier))
}

function resolved(specifier: string): string {
  return group(specifier) < PATH_GROUP - 1 ? specifier : stemOf(specifier)
}

function stemOf(specifier: string): string {
  const stem = specifier.replace(/\.[cm]?[jt]sx?$/, '').replace(/(^|\/)index$/, '$1.')
  const path = posix.normalize(stem).replace(/(.)\/$/, '$1')
  // Normalised, `./u` would read like the package `u`.
  return group(specifier) === PATH_GROUP && !/^(?:\/|\.\.(?:\/|$))/.test(path) ? `./${path}` : path
}
