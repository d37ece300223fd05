import { isAbsolute, relative, resolve, sep } from 'node:path'
import { usageError } from '../errors.ts'
import { exists } from '../system/files.ts'
import { packageRoot, toolVersion } from '../versions.ts'

/**
 * How a project at `root` refers to this program: by `file:` from a source checkout, by its exact
 * version from the registry. An asked spec wins; a path in it is taken from `cwd`.
 */
export function toolSpec(cwd: string, root: string, asked: string | undefined): string {
  if (asked === undefined) {
    const isCheckout = exists(resolve(packageRoot, 'src'))
    return isCheckout ? fileSpec(root, packageRoot) : toolVersion
  }
  const path = asked.replace(/^file:/, '')
  if (path === '') throw usageError('--tool is empty.', 'Give a path, a tarball or a version.')
  const isTarball = /\.(tgz|tar|tar\.gz)$/.test(path) && !/^\w+:\/\//.test(path)
  const isPath = isTarball || path !== asked || path.startsWith('.') || isAbsolute(path)
  return isPath ? fileSpec(root, resolve(cwd, path)) : asked
}

function fileSpec(root: string, target: string): string {
  return `file:${relative(root, target).split(sep).join('/')}`
}
