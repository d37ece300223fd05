import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { listed, timestamp, timestamps } from '../../db/columns.ts'
import type { Json } from '../../db/json-types.ts'

/** The table of specimens. */
export const specimens = pgTable(
  'specimens',
  {
    id: uuid().primaryKey(),
    title: varchar({ length: 255 }).notNull(),
    code: varchar({ length: 40 }).notNull().unique(),
    body: text(),
    qty: integer().notNull().default(-5),
    views: bigint({ mode: 'bigint' }).notNull().default(sql`-9007199254740993`),
    maybeViews: bigint({ mode: 'bigint' }),
    ratio: doublePrecision().notNull().default(-0.5),
    price: numeric({ precision: 10, scale: 2 }).notNull().default('-1.50'),
    active: boolean().notNull().default(true),
    born: date({ mode: 'string' }),
    seenAt: timestamp().notNull().default(sql`now()`),
    startsAt: timestamp().notNull().default(new Date('2026-01-02T03:04:05.000Z')),
    key: uuid().notNull().unique(),
    meta: jsonb().$type<Json>().notNull(),
    status: text({ enum: ['draft', 'active'] })
      .notNull()
      .default('draft'),
    tags: varchar({ length: 255 }).array().notNull(),
    labels: varchar({ length: 255 }).array().notNull().default([]),
    counts: integer().array(),
    moments: timestamp().array().notNull(),
    rank: doublePrecision().notNull().default(0),
    total: bigint({ mode: 'bigint' }).notNull().default(sql`0`),
    fee: numeric({ precision: 12, scale: 4 }).notNull().default('0'),
    due: date({ mode: 'string' }).notNull().default('2026-01-31'),
    heldAt: timestamp().notNull().default(sql`now()`),
    note: varchar({ length: 650 }).notNull().default(''),
    ratios: doublePrecision().array(),
    totals: bigint({ mode: 'bigint' }).array(),
    fees: numeric({ precision: 5, scale: 3 }).array(),
    flags: boolean().array(),
    days: date({ mode: 'string' }).array(),
    keys: uuid().array(),
    states: text({ enum: ['new', 'done'] }).array(),
    ...timestamps,
  },
  (table) => [
    listed('specimens_status_check', table.status),
    listed('specimens_states_check', table.states),
    index().on(table.qty),
    index().on(table.rank),
    index().on(table.total),
    index().on(table.fee),
    index().on(table.due),
    index('specimens_held_at_index').on(table.heldAt),
    index().on(table.note),
    index('specimens_created_at_id_index').on(table.createdAt, table.id),
  ],
)

export type SpecimenRow = typeof specimens.$inferSelect
