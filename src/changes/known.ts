import type { Disk, FileChange, Rendered } from '../model/change.ts'
import type { Op } from '../model/op.ts'
import type { Step } from '../model/step.ts'
import { type Unit, type UnitId, unitId } from '../model/unit.ts'
import { sha256 } from '../system/hash.ts'
import { toolVersion } from '../versions.ts'
import { historyFolder } from './history.ts'
import { manifestPath, opKey, parseRecord, unitPath } from './units.ts'

const knownPath = `${historyFolder}/known.json`

/**
 * What was found out about shared files on this machine: for a content, by its hash, the ops that
 * are present in it. A file that changed since is simply not known.
 */
interface Known {
  readonly [path: string]: { readonly sha256: string; readonly ops: readonly string[] }
}

/**
 * Whether hashes alone say that a plan has nothing to do: its units are recorded as they are asked
 * for, their files are untouched, and all its ops are known to be present. Says no where it cannot
 * tell; then the files are looked into.
 */
export function isKnownPresent(steps: readonly Step[], disk: Disk): boolean {
  const manifest = read<{ readonly version?: string }>(manifestPath, disk)
  if (manifest?.version !== toolVersion) return false
  const known = readKnown(disk)
  const isThere = (step: Step): boolean => {
    switch (step.kind) {
      case 'unit':
        return isUntouched(unitId(step.unit), step.unit, disk)
      case 'render':
        return true
      case 'edit':
        return isKnown(step.path, step.op, known, disk)
      case 'manifest':
        return Object.entries(step.set).every(
          ([key, value]) => JSON.stringify(value) === JSON.stringify(Object(manifest)[key]),
        )
      default:
        return false
    }
  }
  return steps.every(isThere)
}

/** The change of the record itself that a commit brings along. */
export function knownChange({ changes, edited }: Rendered, disk: Disk): readonly FileChange[] {
  const before = disk.read(knownPath)
  const known: Record<string, Known[string]> = { ...readKnown(disk) }
  for (const change of changes) {
    const entry = known[change.path]
    const own = edited.filter(({ path }) => path === change.path)
    const isCurrent = change.kind === 'update' && entry?.sha256 === change.before.sha256
    const ops = new Set(isCurrent ? entry?.ops : [])
    for (const { op, state } of own) {
      if (state === 'revoked') ops.delete(shortKey(op))
      else ops.add(shortKey(op))
    }
    if (own.length === 0 || change.kind === 'delete') delete known[change.path]
    else known[change.path] = { sha256: sha256(change.after), ops: [...ops] }
  }
  const after = `${JSON.stringify(known)}\n`
  const isEmpty = Object.keys(known).length === 0
  if (before === undefined) return isEmpty ? [] : [{ kind: 'create', path: knownPath, after }]
  if (isEmpty) return [{ kind: 'delete', path: knownPath, before }]
  return [{ kind: 'update', path: knownPath, before, after }]
}

function isUntouched(id: UnitId, head: object, disk: Disk): boolean {
  const unit = read<Unit>(unitPath(id), disk)
  if (unit === undefined) return false
  const { kind, name, args, files } = unit
  return (
    JSON.stringify(head) === JSON.stringify({ kind, name, args }) &&
    Object.entries(files).every(([path, hash]) => disk.read(path)?.sha256 === hash)
  )
}

function isKnown(path: string, op: Op, known: Known, disk: Disk): boolean {
  const entry = known[path]
  if (entry === undefined || !entry.ops.includes(shortKey(op))) return false
  return disk.read(path)?.sha256 === entry.sha256
}

function shortKey(op: Op): string {
  return sha256(opKey(op)).slice(0, 16)
}

function readKnown(disk: Disk): Known {
  try {
    return read<Known>(knownPath, disk) ?? {}
  } catch {
    // What is known can be found out again.
    return {}
  }
}

function read<T extends object>(path: string, disk: Disk): T | undefined {
  const text = disk.read(path)?.text
  return text === undefined ? undefined : parseRecord<T>(path, text)
}
