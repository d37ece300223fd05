import { dirname, join } from 'node:path'
import type { PackageManager } from '../model/project.ts'
import { exists, readTextIfAny } from '../system/files.ts'

/** What is of interest in a package.json. */
export interface Package {
  readonly name?: string
  readonly version?: string
  readonly type?: string
  readonly main?: string
  readonly exports?: unknown
  readonly imports?: { readonly [pattern: string]: unknown }
  readonly scripts?: { readonly [name: string]: string }
  readonly dependencies?: { readonly [name: string]: string }
  readonly devDependencies?: { readonly [name: string]: string }
  readonly optionalDependencies?: { readonly [name: string]: string }
  readonly peerDependencies?: { readonly [name: string]: string }
}

/** The package.json of a folder; nothing where there is none, or none that can be read. */
export function packageAt(folder: string): Package | undefined {
  try {
    const value: unknown = JSON.parse(
      readTextIfAny(join(folder, 'package.json'))?.replace(/^\uFEFF/, '') ?? 'null',
    )
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The paths in a value of `exports` or `imports`, those of every condition. */
export function targetsIn(target: unknown): readonly string[] {
  if (typeof target === 'string') return [target]
  return typeof target === 'object' && target !== null
    ? Object.values(target).flatMap(targetsIn)
    : []
}

/** Whether the package runs on Fastify; one that only tests with it does not. */
export function dependsOnFastify(own: Package | undefined): boolean {
  return fastifyRange(own) !== undefined
}

/** The range in which a package asks for Fastify. */
function fastifyRange(own: Package | undefined): string | undefined {
  return own?.dependencies?.fastify ?? own?.peerDependencies?.fastify
}

/** The major version of Fastify: the installed one, else the one that is asked for. */
export function fastifyMajor(root: string, own: Package): number {
  const installed = packageAt(join(root, 'node_modules/fastify'))
  return newestMajor(installed?.version ?? fastifyRange(own) ?? '')
}

/** The highest major version that a range allows; the newest where it is open, or names none. */
function newestMajor(range: string): number {
  const named = range.matchAll(/(<(?!=)\s*)?(?<![\d.])(\d+)(?=[.\s|]|$)/g)
  const majors = [...named].map(([, below, major]) => Number(major) - (below === undefined ? 0 : 1))
  const isOpen = majors.length === 0 || (/>/.test(range) && !/</.test(range))
  return isOpen ? newest : Math.max(...majors)
}

const newest = 5

const lockFiles: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
]

/** What a package manager wrote down in a folder, and which one it was. */
export function lockFileIn(
  folder: string,
): { readonly name: string; readonly manager: PackageManager } | undefined {
  const found = lockFiles.find(([file]) => exists(join(folder, file)))
  return found && { name: found[0], manager: found[1] }
}

/** The package manager by the nearest lock file, here or above; npm where there is none. */
export function packageManagerOf(folder: string): PackageManager {
  const lock = lockFileIn(folder)
  if (lock !== undefined) return lock.manager
  const above = dirname(folder)
  return above === folder || exists(join(folder, '.git')) ? 'npm' : packageManagerOf(above)
}
