import { eq, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { fromBody } from '../../db/json-values.ts'
import { listOf } from '../../db/list.ts'
import { uuidv7 } from '../../http/uuid.ts'
import { specimens as table } from './specimen.model.ts'
import type {
  SpecimenCreate,
  SpecimenQuery,
  SpecimenRow,
  SpecimenUpdate,
} from './specimen.schema.ts'

/** What a replacement leaves out gets the default of its column, or null. */
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
}

/** Reads and writes specimens; `db` may be a transaction. */
export function specimenRepository(db: Database) {
  const byId = db
    .select()
    .from(table)
    .where(eq(table.id, sql.placeholder('id')))
    .prepare('specimen_by_id')

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
      const [row] = await byId.execute({ id })
      return row
    },

    async create(body: SpecimenCreate) {
      const values = { ...fromBody(table, body), id: uuidv7() }
      const [row] = await db.insert(table).values(values).returning()
      // An insert that does not fail answers with its row.
      return row as SpecimenRow
    },

    /** Changes what `body` names. */
    async update(id: string, body: SpecimenUpdate) {
      const values = { ...fromBody(table, body), updatedAt: sql`now()` }
      const [row] = await db.update(table).set(values).where(eq(table.id, id)).returning()
      return row
    },

    /** Writes everything anew but the id and the time of its creation. */
    async replace(id: string, body: SpecimenCreate) {
      const values = { ...defaults, ...fromBody(table, body), updatedAt: sql`now()` }
      const [row] = await db.update(table).set(values).where(eq(table.id, id)).returning()
      return row
    },

    /** Tells whether there was one. */
    async remove(id: string) {
      const rows = await db.delete(table).where(eq(table.id, id)).returning({ id: table.id })
      return rows.length > 0
    },
  }
}
