import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { RefusedError } from '../errors.ts'
import type { Op } from '../model/op.ts'
import type { RecordedEdit, Unit, UnitId } from '../model/unit.ts'

export const recordFolder = '.create-service'
export const manifestPath = `${recordFolder}/manifest.json`

export const unitFolder = `${recordFolder}/units`

/** Where a unit is recorded, relative to the project's root. */
export function unitPath(id: UnitId): string {
  return `${unitFolder}/${id}.json`
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

/** Reads the record of a unit. Refuses what has another shape. */
export function parseUnit(path: string, text: string): Unit {
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
