import { isAbsolute, relative, resolve, sep } from 'node:path'
import { usageError } from '../errors.ts'
import { exists } from '../system/files.ts'

/**
 * Paths as they were typed, turned into paths from the root, where the tools run. The root itself
 * chooses nothing.
 * @throws a usage error for one that does not exist, or lies outside
 */
export function pathsFromRoot(
  paths: readonly string[],
  cwd: string,
  root: string,
): readonly string[] {
  const inside = paths.map((path) => {
    const absolute = resolve(cwd, path)
    if (!exists(absolute)) {
      throw usageError(
        `${path} doesn't exist in ${cwd}.`,
        'Name a file or a folder. Words for the tool itself go after --.',
      )
    }
    const fromRoot = relative(root, absolute)
    if (fromRoot === '..' || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)) {
      throw usageError(`${path} isn't in the project ${root}.`, 'Go there, or use --cwd <dir>.')
    }
    return fromRoot.split(sep).join('/')
  })
  return inside.includes('') ? [] : inside
}
