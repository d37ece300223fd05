import { eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { fromBody } from '../../db/json-types.ts'
import { listOf } from '../../db/list.ts'
import { uuidv7 } from '../../http/uuid.ts'
import { specimens as table } from './specimen.model.ts'
import type { SpecimenCreate, SpecimenQuery, SpecimenUpdate } from './specimen.schema.ts'

/** PUT sets the fields that its body omits to their default, or to null. */
const defaults = {
  body: sql`default`,
  qty: sql`default`,
  views: sql`default`,
  maybeViews: sql`default`,
  ratio: sql`default`,
  price: sql`default`,
  active: sql`default`,
  born: sql`default`,
  seenAt: sql`default`,
  startsAt: sql`default`,
  status: sql`default`,
  labels: sql`default`,
  counts: sql`default`,
  rank: sql`default`,
  total: sql`default`,
  fee: sql`default`,
  due: sql`default`,
  heldAt: sql`default`,
  note: sql`default`,
  ratios: sql`default`,
  totals: sql`default`,
  fees: sql`default`,
  flags: sql`default`,
  days: sql`default`,
  keys: sql`default`,
  states: sql`default`,
}

/** Reads and writes specimens. `db` may be a transaction. */
export function specimenRepository(db: Database) {
  return {
    async list(query: SpecimenQuery) {
      const list = listOf(table, query)
      const rows = await db
        .select()
        .from(table)
        .where(list.where)
        .orderBy(...list.orderBy)
        .limit(list.limit)
      return list.page(rows)
    },

    async get(id: string) {
      const [row] = await db.select().from(table).where(eq(table.id, id))
      return row
    },

    async create(body: SpecimenCreate) {
      const values = { ...fromBody(table, body), id: uuidv7() }
      const [row] = await db.insert(table).values(values).returning()
      // A successful insert always returns its row.
      return row as typeof table.$inferSelect
    },

    /** Changes the fields in `body`. */
    async update(id: string, body: SpecimenUpdate) {
      const values = { ...fromBody(table, body), updatedAt: sql`now()` }
      const [row] = await db.update(table).set(values).where(eq(table.id, id)).returning()
      return row
    },

    /** Writes every field; the id and `createdAt` stay. */
    async replace(id: string, body: SpecimenCreate) {
      const values = { ...defaults, ...fromBody(table, body), updatedAt: sql`now()` }
      const [row] = await db.update(table).set(values).where(eq(table.id, id)).returning()
      return row
    },

    /** Returns the id of the deleted row, if there was one. */
    async remove(id: string) {
      const [row] = await db.delete(table).where(eq(table.id, id)).returning({ id: table.id })
      return row
    },
  }
}
