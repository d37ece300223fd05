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
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import type { Json } from '../../db/json-types.ts'
import { listed } from '../../db/listed.ts'

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
    seenAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
    startsAt: timestamp({ precision: 3, withTimezone: true })
      .notNull()
      .default(new Date('2026-01-02T03:04:05.000Z')),
    key: uuid().notNull().unique(),
    meta: jsonb().$type<Json>().notNull(),
    status: text({ enum: ['draft', 'active'] })
      .notNull()
      .default('draft'),
    tags: varchar({ length: 255 }).array().notNull(),
    labels: varchar({ length: 255 }).array().notNull().default([]),
    counts: integer().array(),
    moments: timestamp({ precision: 3, withTimezone: true }).array().notNull(),
    createdAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ precision: 3, withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [listed('specimens_status_check', table.status), index().on(table.qty)],
)
