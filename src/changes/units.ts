import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import type { Op } from '../model/op.ts'
import type { RecordedEdit, Unit, UnitId } from '../model/unit.ts'

export const recordFolder = '.create-service'
export const manifestPath = `${recordFolder}/manifest.json`

/** Where a unit is recorded, relative to the project's root. */
export function unitPath(id: UnitId): string {
  return `${recordFolder}/units/${id}.json`
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
  if (op.op === 'ensureYaml') return { ...op, block: '', order: [] }
  if (op.op === 'ensureEnv') return { ...op, lines: [], order: [] }
  if (op.op === 'ensureStatement') return { ...op, order: [] }
  return op
}

/** True if two recorded edits are one and the same change, whoever asked for it. */
export function isSameEdit(a: RecordedEdit, b: RecordedEdit): boolean {
  return a.path === b.path && JSON.stringify(a.op) === JSON.stringify(b.op)
}

export function packPristine(files: { readonly [path: string]: string }): string {
  return brotliCompressSync(JSON.stringify(files), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
  }).toString('base64')
}

export function unpackPristine(packed: Unit['pristine']): { readonly [path: string]: string } {
  return JSON.parse(brotliDecompressSync(Buffer.from(packed, 'base64')).toString('utf8'))
}
