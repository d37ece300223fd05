import { dirname, join } from 'node:path'
import { formerPath, manifestPath } from '../changes/units.ts'
import { exists, sourcesBelow } from '../system/files.ts'
import { dependsOnFastify, hasFastifyToBuild, type Package, packageAt } from './package.ts'

/**
 * The nearest folder, here or above, that holds a manifest; else that of the nearest package, if it asks for Fastify.
 * @throws {RefusedError} for a package.json on the way, or there, that can't be parsed
 */
export function findRoot(from: string): string | undefined {
  const recorded = nearest(from, hasManifest)
  if (recorded === undefined) return packageRoot(from)
  return nearest(from, (folder) => {
    packageAt(folder)
    return folder === recorded
  })
}

/** Whether a folder is a project that something is recorded of. */
export function hasManifest(folder: string): boolean {
  return [manifestPath, formerPath(manifestPath)].some((path) => exists(join(folder, path)))
}

/** A package.json that only says how modules are written is none. */
function isPackage(own: Package | undefined): boolean {
  return own?.name !== undefined || own?.dependencies !== undefined
}

/**
 * A package that does not ask for Fastify is a project of another kind, whatever lies above it. A
 * workspace that only has it for its tools, or for all of its packages, is none itself.
 */
function packageRoot(from: string): string | undefined {
  const folder = nearest(from, (one) => isPackage(packageAt(one)))
  const own = folder === undefined ? undefined : packageAt(folder)
  if (folder === undefined || own === undefined || !dependsOnFastify(own)) return undefined
  const isWorkspace = own.workspaces !== undefined || exists(join(folder, 'pnpm-workspace.yaml'))
  return hasFastifyToBuild(own) && isWorkspace && packagesBelow(folder).length > 0
    ? undefined
    : folder
}

/** The folders below one whose packages ask for Fastify, relative to it, the shallow ones first. */
export function packagesBelow(folder: string): readonly string[] {
  return sourcesBelow(folder).flatMap((path) => {
    if (!path.endsWith('/package.json')) return []
    const below = dirname(path)
    return dependsOnFastify(packageAt(join(folder, below))) ? [below] : []
  })
}

function nearest(from: string, isIt: (folder: string) => boolean): string | undefined {
  if (isIt(from)) return from
  const above = dirname(from)
  return above === from ? undefined : nearest(above, isIt)
}
