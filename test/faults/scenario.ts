import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { FileChange } from '../../src/model/change.ts'
import { diskAt } from '../../src/system/disk.ts'

const before: Readonly<Record<string, string>> = {
  'package.json': '{}\n',
  'bin/run.sh': '#!/bin/sh\n',
  'src/a.ts': 'a\n',
  'src/b.ts': 'b\r\n',
  'src/c.ts': 'c\n',
  'src/kept.ts': 'kept\n',
  'src/deep/d.ts': 'd\n',
  'real/linked.ts': 'linked\n',
  'old/x.ts': 'x\n',
  'old/deep/y.ts': 'y\n',
  'old/deep/z.ts': 'z\n',
  'src/gone.ts': 'gone\n',
}

const updated = ['package.json', 'bin/run.sh', 'src/a.ts', 'src/b.ts', 'src/c.ts'].concat([
  'src/deep/d.ts',
  'src/linked.ts',
])
const deleted = ['old/x.ts', 'old/deep/y.ts', 'old/deep/z.ts', 'src/gone.ts']
const created = ['src/new.ts', 'src/deep/new.ts', 'added/e.ts', 'added/deep/f.ts'].concat([
  'added/deep/g.ts',
  'added/deep/deeper/h.ts',
  'README.md',
  'test/i.ts',
  'src/j/k.ts',
])

/** A project in which twenty files of all kinds are going to change. */
export function makeProject(root: string): readonly FileChange[] {
  for (const [path, text] of Object.entries(before)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  chmodSync(join(root, 'bin/run.sh'), 0o755)
  symlinkSync('../real/linked.ts', join(root, 'src/linked.ts'))
  const disk = diskAt(root)
  const snap = (path: string) => {
    const found = disk.read(path)
    if (found === undefined) throw new Error(`${path} is missing`)
    return found
  }
  return [
    ...updated.map((path) => {
      const old = snap(path)
      return { kind: 'update', path, before: old, after: `${old.text}more\n` } as const
    }),
    ...created.map((path) => ({ kind: 'create', path, after: `${path}\n`.repeat(40) }) as const),
    ...deleted.map((path) => ({ kind: 'delete', path, before: snap(path) }) as const),
  ]
}

/** The same number of files where nothing is yet, as `create` writes them. */
export function newFiles(): readonly FileChange[] {
  return [...created, ...deleted, ...updated].map((path) => ({
    kind: 'create',
    path,
    after: `${path}\n`,
  }))
}

/** All there is below a folder: files with modes, links, and folders, the empty ones too. */
export function stateOf(root: string, folder = ''): Readonly<Record<string, string>> {
  const state: Record<string, string> = {}
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = `${folder}${name}`
    const stats = lstatSync(join(root, path))
    if (stats.isSymbolicLink()) state[path] = `link to ${readlinkSync(join(root, path))}`
    else if (stats.isDirectory())
      Object.assign(state, { [path]: 'folder' }, stateOf(root, `${path}/`))
    else
      state[path] = `${(stats.mode & 0o777).toString(8)} ${readFileSync(join(root, path), 'utf8')}`
  }
  return state
}
