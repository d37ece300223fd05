import fs from 'node:fs'
import { join } from 'node:path'
import { kindOf } from './places.ts'

/** Names in a folder in a stable order; none where there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  return isFolder(folder) ? fs.readdirSync(folder).sort() : []
}

/** All files below a folder, relative to it, with `/`, in a stable order. */
export function filesBelow(folder: string, prefix = ''): readonly string[] {
  if (!fs.existsSync(folder)) return []
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
        : [`${prefix}${entry.name}`],
    )
}

const mostListed = 5000

/** Files below a folder without what is hidden or installed, the shallow ones first; a bounded number. */
export function sourcesBelow(folder: string): readonly string[] {
  const found: string[] = []
  const waiting = ['']
  for (
    let at = waiting.shift();
    at !== undefined && found.length < mostListed;
    at = waiting.shift()
  ) {
    for (const entry of entriesOf(join(folder, at))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) waiting.push(`${at}${entry.name}/`)
      else found.push(`${at}${entry.name}`)
    }
  }
  return found
}

/** Nothing of a folder that may not be read. */
function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

export function readText(file: string): string {
  return fs.readFileSync(file, 'utf8')
}

/** The file's text, or nothing where there is no such file. */
export function readTextIfAny(file: string): string | undefined {
  return kindOf(file) === 'file' ? readText(file) : undefined
}

export function exists(path: string): boolean {
  return fs.existsSync(path)
}

export function isFolder(path: string): boolean {
  return kindOf(path) === 'folder'
}
