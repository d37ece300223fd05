import { basename } from 'node:path'

// The customary order of the top level of package.json; what is not listed comes behind, by name.
const MANIFEST_KEYS = [
  'name',
  'version',
  'private',
  'description',
  'keywords',
  'homepage',
  'bugs',
  'license',
  'author',
  'contributors',
  'funding',
  'repository',
  'type',
  'sideEffects',
  'exports',
  'main',
  'module',
  'types',
  'bin',
  'files',
  'imports',
  'directories',
  'workspaces',
  'packageManager',
  'engines',
  'os',
  'cpu',
  'publishConfig',
  'scripts',
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'optionalDependencies',
  'bundleDependencies',
  'overrides',
  'resolutions',
  'allowScripts',
]

function manifestRank(key: string): number {
  const rank = MANIFEST_KEYS.indexOf(key)
  return rank === -1 ? MANIFEST_KEYS.length : rank
}

/**
 * The order of keys in an object: by name as npm sorts dependencies, the top level of package.json
 * by custom. It is total, so that several insertions come out the same in any order.
 */
export function compareKeys(path: string, object: readonly string[], a: string, b: string): number {
  const isManifest = object.length === 0 && basename(path) === 'package.json'
  const rank = isManifest ? manifestRank(a) - manifestRank(b) : 0
  return rank || a.localeCompare(b, 'en') || (a < b ? -1 : Number(a > b))
}
