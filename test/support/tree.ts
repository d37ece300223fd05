import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'

/** Files by path, relative to a root, with `/`. */
export type Tree = Readonly<Record<string, string>>

const made: string[] = []

/** A new folder outside any project, removed after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(inject('scratch'), 't-'))
  made.push(folder)
  return folder
}

export function removeTemporaryFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}

function pathsBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/(^|\/)(node_modules|\.data|\.create-service\/history)\//.test(path))
    .sort()
}

export function treeOf(root: string): Tree {
  return Object.fromEntries(
    pathsBelow(root).map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  )
}

/** Modification times, to the nanosecond. */
export function timesOf(root: string): Readonly<Record<string, bigint>> {
  return Object.fromEntries(
    pathsBelow(root).map((path) => [path, statSync(join(root, path), { bigint: true }).mtimeNs]),
  )
}

export function writeTree(root: string, tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** A copy of a folder in a new temporary one. */
export function copyOf(root: string): string {
  const copy = join(temporaryFolder(), 'project')
  cpSync(root, copy, { recursive: true })
  return copy
}
