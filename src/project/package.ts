import { dirname, join } from 'node:path'
import { jsonFault } from '../edits/json-tree.ts'
import { RefusedError } from '../errors.ts'
import { type PackageManager, packageManagers } from '../model/project.ts'
import { exists, readTextIfAny } from '../system/files.ts'

/** What is of interest in a package.json. */
export interface Package {
  readonly name?: string
  readonly packageManager?: string
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

/**
 * The package.json of a folder; nothing where there is none.
 * @throws {RefusedError} with the line where it can't be parsed: guessing would mean to work in the
 *   package above, or without dependencies
 */
export function packageAt(folder: string): Package | undefined {
  const path = join(folder, 'package.json')
  const text = readTextIfAny(path)?.replace(/^\uFEFF/, '')
  if (text === undefined) return undefined
  const value = parsed(text)
  if (value !== undefined) return value
  const fault = jsonFault({ path, text })
  if (fault !== undefined) throw new RefusedError([fault.refusal])
  return undefined
}

/** The package.json of a package that is installed below a folder; nothing if it can't be read. */
export function installedPackage(folder: string, name: string): Package | undefined {
  return parsed(readTextIfAny(join(folder, 'node_modules', name, 'package.json')) ?? '')
}

function parsed(text: string): Package | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
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
  const installed = installedPackage(root, 'fastify')
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

/** The package manager that a project uses; npm where nothing tells. */
export function packageManagerOf(folder: string): PackageManager {
  return enclosingManager(folder) ?? 'npm'
}

/** A workspace of pnpm need not be installed yet. */
function writtenBy(folder: string): PackageManager | undefined {
  const locked = lockFileIn(folder)?.manager
  return locked ?? (exists(join(folder, 'pnpm-workspace.yaml')) ? 'pnpm' : undefined)
}

/**
 * The package manager by the nearest lock file or `packageManager` of a package.json, here or above,
 * up to the repository: a package of a workspace has neither.
 */
export function enclosingManager(folder: string): PackageManager | undefined {
  const own = parsed(readTextIfAny(join(folder, 'package.json')) ?? '')
  const named = own?.packageManager?.split('@')[0]
  const found = packageManagers.find((name) => name === named) ?? writtenBy(folder)
  if (found !== undefined) return found
  const above = dirname(folder)
  return above === folder || exists(join(folder, '.git')) ? undefined : enclosingManager(above)
}
