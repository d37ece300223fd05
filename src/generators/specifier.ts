import { posix } from 'node:path'

/** The relative specifier of one file in another; `ending` stands for that of the file. */
export function specifierOf(from: string, to: string, ending = posix.extname(to)): string {
  const path = posix.relative(posix.dirname(from), to)
  const stem = path.slice(0, path.length - posix.extname(path).length)
  return `${path.startsWith('.') ? '' : './'}${stem}${ending}`
}
