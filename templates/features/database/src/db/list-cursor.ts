import type { PgColumn } from 'drizzle-orm/pg-core'
import { fromJson, jsonOf } from './json-values.ts'

/** Where a page ended: the order of the list, then the sort value and the id of its last row. */
export interface Cursor {
  sort: string
  value: unknown
  id: string
}

/** A cursor as clients carry it: opaque, safe in a URL. */
export function encodeCursor({ sort, value, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, jsonOf(value), id])).toString('base64url')
}

/** Reads a cursor; `undefined` if it was not made for this order or was tampered with. */
export function decodeCursor(text: string, sort: string, column: PgColumn): Cursor | undefined {
  const parts = parse(Buffer.from(text, 'base64url').toString())
  if (!Array.isArray(parts) || parts.length !== 3) return undefined
  const [madeFor, json, id] = parts
  const value = fromJson(column, json)
  if (madeFor !== sort || value === undefined || typeof id !== 'string') return undefined
  return { sort, value, id }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
