import { type Package, targetsIn } from './package.ts'
import type { CompilerOptions } from './tsconfig.ts'

/** What leads into the project beside relative specifiers. */
export interface Aliases {
  /** The patterns, with at most one star. */
  readonly patterns: readonly string[]
  /** The specifiers that lead to a file. */
  of(file: string): readonly string[]
  /** The paths that a specifier may mean, from the project's root. */
  targets(specifier: string): readonly string[]
}

/** A project without maps. */
export const noAliases: Aliases = { patterns: [], of: () => [], targets: () => [] }

/**
 * Reads the maps of package.json (`imports`) and tsconfig.json (`paths`). Of conditional
 * targets every one counts.
 *
 * @see https://nodejs.org/api/packages.html#subpath-imports
 */
export function aliasesOf(own: Package, options: CompilerOptions | undefined): Aliases {
  const maps = [
    ...Object.entries(own.imports ?? {}).map(
      ([key, target]) => [key, targetsIn(target).map(fromRoot)] as const,
    ),
    ...Object.entries(options?.paths ?? {}),
  ]
  const of = (file: string) =>
    maps.flatMap(([pattern, targets]) =>
      targets.flatMap(
        (target) => matched(pattern, withoutEnding(target), withoutEnding(file)) ?? [],
      ),
    )
  const targetsOf = (specifier: string) =>
    maps.flatMap(([pattern, targets]) => {
      const [head = '', tail] = pattern.split('*')
      if (tail === undefined) return pattern === specifier ? targets : []
      const fits = specifier.length >= pattern.length - 1
      if (!fits || !specifier.startsWith(head) || !specifier.endsWith(tail)) return []
      const part = specifier.slice(head.length, specifier.length - tail.length)
      return targets.map((target) => target.replace('*', part))
    })
  // A pattern for everything, or for packages, says nothing about what is the project's own.
  const isOwn = ([pattern, targets]: (typeof maps)[number]) =>
    pattern !== '*' && !targets.some((target) => /(^|\/)(node_modules|@types|types)\//.test(target))
  return { patterns: maps.filter(isOwn).map(([pattern]) => pattern), of, targets: targetsOf }
}

function fromRoot(target: string): string {
  return target.replace(/^\.\//, '')
}

function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '')
}

function matched(pattern: string, target: string, file: string): string | undefined {
  const [head = '', tail] = target.split('*')
  if (tail === undefined) return target === file ? pattern : undefined
  const fits = file.length >= head.length + tail.length
  if (!fits || !file.startsWith(head) || !file.endsWith(tail)) return undefined
  return withoutEnding(pattern.replace('*', file.slice(head.length, file.length - tail.length)))
}
