import { dirname, join } from 'node:path'
import { manifestPath } from '../changes/units.ts'
import { exists } from '../system/files.ts'
import { dependsOnFastify, type Package, packageAt } from './package.ts'

/**
 * The nearest folder, here or above, that holds a manifest; else that of the nearest package, if it asks for Fastify.
 * @throws {RefusedError} for a package.json on the way, or there, that can't be parsed
 */
export function findRoot(from: string): string | undefined {
  const recorded = nearest(from, (folder) => exists(join(folder, manifestPath)))
  if (recorded === undefined) return packageRoot(from)
  return nearest(from, (folder) => {
    packageAt(folder)
    return folder === recorded
  })
}

/** A package.json that only says how modules are written is none. */
function isPackage(own: Package | undefined): boolean {
  return own?.name !== undefined || own?.dependencies !== undefined
}

/** A package that does not ask for Fastify is a project of another kind, whatever lies above it. */
function packageRoot(from: string): string | undefined {
  const folder = nearest(from, (one) => isPackage(packageAt(one)))
  return folder !== undefined && dependsOnFastify(packageAt(folder)) ? folder : undefined
}

function nearest(from: string, isIt: (folder: string) => boolean): string | undefined {
  if (isIt(from)) return from
  const above = dirname(from)
  return above === from ? undefined : nearest(above, isIt)
}
