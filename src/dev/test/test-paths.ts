import { isAbsolute, relative, resolve, sep } from 'node:path'
import { usageError } from '../../errors.ts'
import { exists } from '../../system/files.ts'

/**
 * Paths as the user has said them, from where the project's tools run; the root itself chooses nothing.
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
        `There is no ${path} in ${cwd}.`,
        'Name a file or a folder of tests; what only the test runner knows goes behind --.',
      )
    }
    const fromRoot = relative(root, absolute)
    if (fromRoot === '..' || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)) {
      throw usageError(`${path} is not in the project ${root}.`, 'Go there, or use --cwd <dir>.')
    }
    return fromRoot.split(sep).join('/')
  })
  return inside.includes('') ? [] : inside
}
