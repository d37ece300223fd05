import type { Disk, EditedFile, FileChange, Rendered } from '../model/change.ts'
import type { Op } from '../model/op.ts'
import type { Step } from '../model/step.ts'
import { type UnitId, unitId } from '../model/unit.ts'
import { sha256 } from '../system/hash.ts'
import { toolVersion } from '../versions.ts'
import { historyFolder } from './history.ts'
import { formerPath, manifestPath, opKey, parseRecord, readRecord, readUnit } from './units.ts'

const knownPath = `${historyFolder}/known`

/**
 * What this version of the program found out about shared files on this machine: for a content, by
 * its hash, the ops that are present in it. A file that changed since is simply not known.
 */
interface Known {
  readonly version: string
  readonly files: { readonly [path: string]: KnownFile }
}

interface KnownFile {
  readonly sha256: string
  readonly ops: readonly string[]
}

/**
 * Whether hashes alone say that a plan has nothing to do: its units are recorded as they are asked
 * for, their files are untouched, and all its ops are known to be present. Says no where it cannot
 * tell; then the files are looked into.
 */
export function isKnownPresent(steps: readonly Step[], disk: Disk): boolean {
  const { files } = readKnown(disk)
  const isThere = (step: Step): boolean => {
    switch (step.kind) {
      case 'unit':
        return isUntouched(unitId(step.unit), step.unit, disk)
      case 'render':
        return true
      case 'edit':
        return isKnown(step.path, step.op, files, disk)
      case 'manifest':
        return isSet(step.set, read<object>(manifestPath, disk))
      default:
        return false
    }
  }
  return steps.every(isThere)
}

/** The change of the record itself that a run brings along; none where it learnt nothing. */
export function knownChange({ changes, edited }: Rendered, disk: Disk): readonly FileChange[] {
  const files: Record<string, KnownFile> = { ...readKnown(disk).files }
  for (const path of new Set([...changes, ...edited].map((one) => one.path))) {
    const change = changes.find((one) => one.path === path)
    const own = edited.filter((edit) => edit.path === path)
    const entry = entryOf(own, change, files[path])
    if (entry === undefined) delete files[path]
    else files[path] = entry
  }
  const before = disk.read(knownPath)
  const after = `${JSON.stringify({ version: toolVersion, files })}\n`
  const former = disk.read(formerPath(knownPath))
  const removal: readonly FileChange[] =
    former === undefined ? [] : [{ kind: 'delete', path: former.path, before: former }]
  if (before?.text === after) return removal
  if (before !== undefined) return [{ kind: 'update', path: knownPath, before, after }, ...removal]
  const isEmpty = Object.keys(files).length === 0
  return isEmpty ? removal : [{ kind: 'create', path: knownPath, after }, ...removal]
}

/**
 * What is known of a file after its edits. What was known before counts only if it was of the content
 * that was edited; one that nothing changed is known as it was then, whatever it may be by now.
 */
function entryOf(
  edited: readonly EditedFile[],
  change: FileChange | undefined,
  entry: KnownFile | undefined,
): KnownFile | undefined {
  const was = edited[0]?.was
  const ops = new Set(entry?.sha256 === was ? entry?.ops : [])
  for (const { op, state } of edited) {
    if (state === 'revoked') ops.delete(shortKey(op))
    else ops.add(shortKey(op))
  }
  if (ops.size === 0 || change?.kind === 'delete') return undefined
  const hash = change === undefined ? was : sha256(change.after)
  return hash === undefined ? undefined : { sha256: hash, ops: [...ops] }
}

function isSet(set: object, manifest: object | undefined): boolean {
  const current = new Map(Object.entries(manifest ?? {}))
  return Object.entries(set).every(
    ([key, value]) => JSON.stringify(value) === JSON.stringify(current.get(key)),
  )
}

function isUntouched(id: UnitId, head: object, disk: Disk): boolean {
  const unit = readUnit(id, (path) => disk.read(path)?.text)
  if (unit === undefined || unit.isReduced) return false
  const { kind, name, args, files } = unit
  return (
    JSON.stringify(head) === JSON.stringify({ kind, name, args }) &&
    Object.entries(files).every(([path, hash]) => disk.read(path)?.sha256 === hash)
  )
}

function isKnown(path: string, op: Op, files: Known['files'], disk: Disk): boolean {
  const entry = files[path]
  if (entry === undefined || !entry.ops.includes(shortKey(op))) return false
  return disk.read(path)?.sha256 === entry.sha256
}

function shortKey(op: Op): string {
  return sha256(opKey(op)).slice(0, 16)
}

/** What is known can be found out again, so a record that is broken, or not of this version, is none. */
function readKnown(disk: Disk): Known {
  try {
    const known = read<Partial<Known>>(knownPath, disk)
    const files = Object.entries(known?.files ?? {}).filter(([, entry]) =>
      Array.isArray(entry?.ops),
    )
    if (known?.version === toolVersion)
      return { version: toolVersion, files: Object.fromEntries(files) }
  } catch {
    // Said above.
  }
  return { version: toolVersion, files: {} }
}

function read<T extends object>(path: string, disk: Disk): T | undefined {
  const record = readRecord(path, (one) => disk.read(one)?.text)
  return record && parseRecord<T>(record.path, record.text)
}
