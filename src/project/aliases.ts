import { type Package, targetsIn } from './package.ts'
import type { CompilerOptions } from './tsconfig.ts'

/** Gives the specifiers that lead to a file of the project beside the relative one. */
export type Aliases = (file: string) => readonly string[]

/**
 * Reads the maps of package.json (`imports`) and tsconfig.json (`paths`). A pattern has at most one
 * star; of conditional targets every one counts.
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
  return (file) => {
    const stem = withoutEnding(file)
    return maps.flatMap(([pattern, targets]) =>
      targets.flatMap((target) => matched(pattern, withoutEnding(target), stem) ?? []),
    )
  }
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
