import fs from 'node:fs'
import { join } from 'node:path'

export interface Entry {
  /** Relative to where the search began, with `/`; empty for the thing itself. */
  readonly path: string
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link'
  readonly bytes: number
}

/** What a path itself is, a link being a link; nothing where nothing is. */
export function entryAt(path: string, name = ''): Entry | undefined {
  try {
    const stats = fs.lstatSync(path)
    if (stats.isDirectory()) return { path: '', name, kind: 'folder', bytes: 0 }
    const isLink = stats.isSymbolicLink()
    return { path: '', name, kind: isLink ? 'link' : 'file', bytes: isLink ? 0 : stats.size }
  } catch {
    return undefined
  }
}

/** Everything at a path and below it; no link is followed, what may not be read is left out. */
export function entriesBelow(path: string): readonly Entry[] {
  const top = entryAt(path)
  if (top === undefined) return []
  const found: Entry[] = [top]
  const waiting = top.kind === 'folder' ? [''] : []
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const name of namesAt(join(path, at))) {
      const below = entryAt(join(path, at, name), name)
      if (below === undefined) continue
      const entry = { ...below, path: `${at}${name}` }
      found.push(entry)
      if (entry.kind === 'folder') waiting.push(`${entry.path}/`)
    }
  }
  return found
}

function namesAt(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** Removes a file, a link (not what it leads to) or a folder with all that is in it. */
export async function removeAll(path: string): Promise<void> {
  const { default: fsExtra } = await import('fs-extra')
  await fsExtra.remove(path)
}
