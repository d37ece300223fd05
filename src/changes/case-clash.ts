import { join } from 'node:path'
import type { FileChange } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import { namesIn } from '../system/files.ts'

/** The names in a folder by what a file system makes of them that ignores case. */
type Names = Map<string, Set<string>>

/**
 * Refuses a name that differs from another one in case alone, be it a folder's: on some machines
 * the two are one file. Files that are there count, and those that are about to come.
 */
export function caseClashes(root: string, changes: readonly FileChange[]): readonly Refusal[] {
  const folders = new Map<string, Names>()
  return changes.flatMap((change) => {
    if (change.kind === 'delete') return []
    const other = clashOf(root, change.path, folders)
    return other === undefined ? [] : clash(change.path, other)
  })
}

function clashOf(root: string, path: string, folders: Map<string, Names>): string | undefined {
  let folder = ''
  for (const name of path.split('/')) {
    const names = folders.get(folder) ?? namesBelow(join(root, folder))
    folders.set(folder, names)
    const alike = names.get(fold(name)) ?? new Set()
    const [other] = alike
    if (other !== undefined && !alike.has(name)) return `${folder}${other}`
    names.set(fold(name), alike.add(name))
    folder = `${folder}${name}/`
  }
  return undefined
}

function namesBelow(folder: string): Names {
  const names: Names = new Map()
  for (const name of namesIn(folder)) {
    names.set(fold(name), (names.get(fold(name)) ?? new Set()).add(name))
  }
  return names
}

/** Some systems compare letters with their accents apart from them, too. */
function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function clash(path: string, other: string): Refusal {
  return {
    code: 'FILE_EXISTS',
    file: path,
    message: `${path} differs from ${other} in case alone; where case does not count the two are one file.`,
    hint: `Rename ${other} or choose another name, then run the command again.`,
  }
}
