import { RefusedError, usageError } from '../errors.ts'
import { namesIn } from '../system/files.ts'
import { kindOf } from '../system/places.ts'
import { hasManifest } from './root.ts'

const harmless = new Set(['.git', '.DS_Store'])

/** Refuses a folder that a new service would not have for itself; `force` lets files be replaced. */
export function refuseTarget(root: string, dir: string, force: boolean): void {
  if (kindOf(root) === 'file') throw usageError(`${dir} is a file.`, 'Choose another folder.')
  const names = namesIn(root).filter((name) => !harmless.has(name))
  const isProject = hasManifest(root)
  if (names.length === 0 || (force && !isProject)) return
  const some = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`
  throw new RefusedError([
    {
      code: 'NOT_EMPTY',
      file: dir,
      message: isProject ? 'There is a project already.' : `The folder is not empty: ${some}.`,
      hint: isProject
        ? `Go into it and let it grow: cd ${dir} && npx create-service add <feature>`
        : 'Choose another folder, or write into this one with --force (--dry-run --force shows what would change).',
    },
  ])
}
