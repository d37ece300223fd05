import { posix } from 'node:path'

/** A new file that fits a pattern: `*` stands for its name. */
export interface FittingFile {
  readonly folder: string
  readonly name: string
}

/** Whether a path stands for several. */
export function isPattern(path: string): boolean {
  return /[*?[\]{}!()]/.test(path)
}

/**
 * Where a new file has to be so that a pattern such as `src/db/*.table.ts` finds it.
 *
 * @param folders those that have such files already
 * @param ending of the file where the pattern leaves it open
 */
export function fileFor(
  pattern: string,
  folders: readonly string[],
  ending: string,
): FittingFile | undefined {
  const name = nameFor(posix.basename(pattern), ending)
  const folder = posix.dirname(pattern)
  if (name === undefined || isPattern(folder.replaceAll('*', ''))) return undefined
  if (!isPattern(folder)) return { folder, name }
  const base = folder.slice(0, folder.indexOf('*'))
  const below = folders.filter((one) => `${one}/`.startsWith(base))
  const [only] = below
  if (only !== undefined && below.length === 1 && name.includes('*')) return { folder: only, name }
  return { folder: folder.replaceAll('**', '*'), name }
}

/** `*` and `*.{ts,js}` leave the ending open. */
function nameFor(last: string, ending: string): string | undefined {
  if (!isPattern(last)) return last
  const [found, suffix = ''] = /^\*\*?([\w.-]*)(?:\{[\w.,]+\})?$/.exec(last) ?? []
  if (found === undefined) return undefined
  return /\.[cm]?[jt]s$/.test(suffix) ? `*${suffix}` : `*${suffix.replace(/\.$/, '')}${ending}`
}
