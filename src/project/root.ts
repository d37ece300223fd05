import { dirname, join } from 'node:path'
import { manifestPath } from '../changes/units.ts'
import { exists } from '../system/files.ts'
import { dependsOnFastify, packageAt } from './package.ts'

/** The nearest folder, here or above, that holds a manifest; else one whose package.json asks for Fastify. */
export function findRoot(from: string): string | undefined {
  return (
    nearest(from, (folder) => exists(join(folder, manifestPath))) ??
    nearest(from, (folder) => dependsOnFastify(packageAt(folder)))
  )
}

function nearest(from: string, isIt: (folder: string) => boolean): string | undefined {
  if (isIt(from)) return from
  const above = dirname(from)
  return above === from ? undefined : nearest(above, isIt)
}
