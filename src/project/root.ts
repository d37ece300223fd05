import { dirname, join } from 'node:path'
import { manifestPath } from '../changes/units.ts'
import { exists } from '../system/files.ts'

/** The nearest folder, here or above, that holds a manifest. */
export function findRoot(from: string): string | undefined {
  if (exists(join(from, manifestPath))) return from
  const above = dirname(from)
  return above === from ? undefined : findRoot(above)
}
