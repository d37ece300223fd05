import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { RefusedError } from '../errors.ts'
import type { Op } from '../model/op.ts'
import type { RecordedEdit, Unit, UnitId } from '../model/unit.ts'
import { isSameText } from '../system/line-endings.ts'
import type { ChangeSet } from './change-set.ts'

// Records are JSON, but their names have no ending: formatters look into every file of a kind they
// know, and each would lay them out in another way.
export const recordFolder = '.create-service'
export const manifestPath = `${recordFolder}/manifest`

export const unitFolder = `${recordFolder}/units`

/** Where a unit is recorded, relative to the project's root. */
export function unitPath(id: UnitId): string {
  return `${unitFolder}/${id}`
}

/** The ids of the recorded units, sorted. */
export function unitIds(namesIn: (folder: string) => readonly string[]): readonly UnitId[] {
  const ids = namesIn(unitFolder).flatMap(
    (name) => /^([a-z]+-.+?)(?:\.json)?$/.exec(name)?.[1] ?? [],
  )
  return [...new Set(ids)].sort()
}

/** Earlier versions gave records this ending. Such a record is renamed when it next changes. */
const formerEnding = '.json'

/** The name that a record had in earlier versions. */
export function formerPath(path: string): string {
  return path + formerEnding
}

/** The present name of a record with a former one; nothing for any other file. */
export function presentPath(path: string): string | undefined {
  const isFormer =
    path === formerPath(manifestPath) ||
    (path.startsWith(`${unitFolder}/`) && path.endsWith(formerEnding))
  return isFormer ? path.slice(0, -formerEnding.length) : undefined
}

/** A record as text, under the name that it has. */
export interface RecordText {
  readonly path: string
  readonly text: string
}

/** Reads a record under its present name, or else under its former one. */
export function readRecord(
  path: string,
  read: (path: string) => string | undefined,
): RecordText | undefined {
  for (const one of [path, formerPath(path)]) {
    const text = read(one)
    if (text !== undefined) return { path: one, text }
  }
  return undefined
}

/** Reads the record of a unit. Refuses what has another shape. */
export function readUnit(id: UnitId, read: (path: string) => string | undefined): Unit | undefined {
  const record = readRecord(unitPath(id), read)
  return record && parseUnit(record.path, record.text)
}

/** Writes a record; one with a former name is left alone if it says the same, and else renamed. */
export function writeRecord(changes: ChangeSet, path: string, record: unknown): void {
  const text = printRecord(record)
  const former = changes.read(formerPath(path))
  if (former !== undefined && isSameText(former, text)) return
  changes.writeText(path, text)
  changes.remove(formerPath(path))
}

export function removeRecord(changes: ChangeSet, path: string): void {
  changes.remove(path)
  changes.remove(formerPath(path))
}

/** Reads a record of ours. Refuses one that is no JSON, as after a merge conflict. */
export function parseRecord<T extends object>(path: string, text: string): T {
  try {
    const record: unknown = JSON.parse(text)
    if (typeof record === 'object' && record !== null) return record as T
  } catch {
    // Said below, with the place and the way on.
  }
  throw brokenRecord(path)
}

function parseUnit(path: string, text: string): Unit {
  const { kind, name, args, files, edits, pristine } = parseRecord<Partial<Unit>>(path, text)
  const isWhole =
    typeof kind === 'string' &&
    typeof name === 'string' &&
    typeof pristine === 'string' &&
    isObject(args) &&
    isObject(files) &&
    Array.isArray(edits)
  if (!isWhole) throw brokenRecord(path)
  return JSON.parse(text) as Unit
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function brokenRecord(path: string): RefusedError {
  return new RefusedError([
    {
      code: 'BROKEN_RECORD',
      file: path,
      message: `${path} is not a record that this program wrote.`,
      hint: 'Restore it from git, then run the command again.',
    },
  ])
}

/** A record as it is written: two spaces, keys in the order of the type. */
export function printRecord(record: unknown): string {
  return `${JSON.stringify(record, null, 2)}\n`
}

/** The edit as the ledger keeps it: what identifies the op, without its order and its text. */
export function recordEdit(path: string, op: Op, chunk: string): RecordedEdit {
  return { path, op: bareOp(op), chunk }
}

function bareOp(op: Op): Op {
  if (op.op === 'ensureJsonItems') return { ...op, block: '' }
  if (op.op === 'ensureMarkdown') return { ...op, block: '', order: [] }
  if (op.op === 'ensureYaml') return { ...op, block: '', order: [] }
  if (op.op === 'ensureEnv') return { ...op, lines: [], order: [] }
  if ('order' in op) return { ...op, order: [] }
  return op
}

/** True if two recorded edits are one and the same change, whoever asked for it. */
export function isSameEdit(a: RecordedEdit, b: RecordedEdit): boolean {
  return a.path === b.path && opKey(a.op) === opKey(b.op)
}

/** What identifies an op in its file; the maps that lead to a module may change. */
export function opKey(op: Op): string {
  const bare = bareOp(op)
  return JSON.stringify('aliases' in bare ? { ...bare, aliases: undefined } : bare)
}

export function packPristine(files: { readonly [path: string]: string }): string {
  return brotliCompressSync(JSON.stringify(files), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
  }).toString('base64')
}

export function unpackPristine(packed: Unit['pristine']): { readonly [path: string]: string } {
  return JSON.parse(brotliDecompressSync(Buffer.from(packed, 'base64')).toString('utf8'))
}
