import { RefusedError, type UserError, usageError } from '../errors.ts'
import { namesIn } from '../system/files.ts'
import { kindOf } from '../system/places.ts'
import { hasManifest } from './root.ts'

const harmless = new Set(['.git', '.DS_Store'])

/**
 * Why a folder can't take a new service: it is a file, a project, or not empty. With `force` files
 * may be replaced, but not a project.
 */
export function targetFault(root: string, dir: string, force: boolean): UserError | undefined {
  if (kindOf(root) === 'file') return usageError(`${dir} is a file.`, 'Choose another folder.')
  const names = namesIn(root).filter((name) => !harmless.has(name))
  const isProject = hasManifest(root)
  if (names.length === 0 || (force && !isProject)) return undefined
  const some = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`
  return new RefusedError([
    {
      code: 'NOT_EMPTY',
      file: dir,
      message: isProject
        ? 'This folder already contains a service.'
        : `The folder is not empty: ${some}.`,
      hint: isProject
        ? 'Choose another folder, or run `create-service add <feature>` inside this one.'
        : 'Choose another folder, or write into this one with --force (--dry-run --force shows what would change).',
    },
  ])
}
