import { createHash } from 'node:crypto'

/** PostgreSQL cuts longer identifiers off, and two might become one. */
const longest = 63

/** `products_sku_unique`, as Drizzle names it; a name that is too long ends in a hash of itself. */
export function constraintName(table: string, column: string, kind: string): string {
  const name = `${table}_${column}_${kind}`
  if (name.length <= longest) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.slice(0, longest - hash.length - 1)}_${hash}`
}
