import { basename, dirname, join } from 'node:path'
import { readTextIfAny, sourcesBelow } from '../system/files.ts'
import { aliasesOf } from './aliases.ts'
import { packageAt } from './package.ts'
import { compilerOptionsOf } from './tsconfig.ts'

const isSource = /(?<!\.d)\.[cm]?[jt]sx?$/
const isBuilt = /(^|\/)(dist|build|coverage|vendor)\//

/**
 * The sources of a project, tests included, that may import one of the files, or use it through one
 * of the barrels: they name it. With Drizzle `db.query` has what the schema exports.
 */
export function possibleImporters(
  root: string,
  files: readonly string[],
  barrels: readonly string[],
): readonly string[] {
  const sources = [...files, ...barrels].filter((path) => isSource.test(path))
  if (sources.length === 0) return []
  const names = [...new Set(sources.map(nameOf)), ...(barrels.length > 0 ? ['.query.'] : [])]
  return sourcesBelow(root)
    .filter((path) => isSource.test(path) && !isBuilt.test(path) && !files.includes(path))
    .filter((path) => {
      const text = readTextIfAny(join(root, path)) ?? ''
      return names.some((name) => text.includes(name))
    })
}

/** What a specifier ends with that leads to a file. */
function nameOf(path: string): string {
  const stem = basename(path).replace(isSource, '')
  return stem === 'index' ? basename(dirname(path)) : stem
}

/** The specifiers beside relative ones that lead to the files, without endings. */
export function aliasesTo(
  root: string,
  files: readonly string[],
): Readonly<Record<string, string>> {
  const aliases = aliasesOf(packageAt(root) ?? {}, compilerOptionsOf(root))
  return Object.fromEntries(
    files.flatMap((file) => aliases.of(file).map((alias) => [withoutEnding(alias), file] as const)),
  )
}

function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '').replace(/\/index$/, '')
}
