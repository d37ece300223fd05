import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatabaseClient } from '../../../src/db/client.ts'
import { type Difference, findDrift } from '../../../src/db/drift.ts'
import { scratchDatabase, type TestDatabase } from '../../support/database.ts'

const status = pg.pgEnum('product_status', ['draft', 'active'])
const categories = pg.pgTable('categories', { id: pg.uuid().primaryKey() })
const products = pg.pgTable(
  'products',
  {
    id: pg.uuid().primaryKey(),
    unitPrice: pg.numeric({ precision: 10, scale: 2 }).notNull(),
    stock: pg.integer().notNull().default(-1),
    views: pg.bigint({ mode: 'bigint' }).notNull().default(sql`5`),
    tags: pg.text().array().notNull().default([]),
    state: status().notNull().default('draft'),
    sku: pg.varchar({ length: 40 }).notNull().unique(),
    categoryId: pg.uuid().references(() => categories.id),
    seenAt: pg.timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [pg.index().on(table.stock), pg.check('stock_check', sql`${table.stock} > -2`)],
)
const models = { status, categories, products }

const same = `
  CREATE TYPE product_status AS ENUM ('draft', 'active');
  CREATE TABLE categories (id uuid PRIMARY KEY);
  CREATE TABLE products (
    sku varchar(40) NOT NULL CONSTRAINT products_sku_unique UNIQUE,
    id uuid PRIMARY KEY,
    unit_price numeric(10, 2) NOT NULL,
    stock integer DEFAULT -1 NOT NULL,
    views bigint DEFAULT 5 NOT NULL,
    tags text[] DEFAULT '{}' NOT NULL,
    state product_status DEFAULT 'draft' NOT NULL,
    category_id uuid CONSTRAINT products_category_id_categories_id_fk REFERENCES categories,
    seen_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT stock_check CHECK (stock > -2)
  );
  CREATE INDEX products_stock_index ON products (stock);`

let database: TestDatabase
let scratch: DatabaseClient
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  database = await scratchDatabase()
  scratch = database.client
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

async function driftOf(script: string): Promise<Difference[]> {
  await writeFile(join(folder, '20260101000000_all.up.sql'), script)
  await writeFile(join(folder, '20260101000000_all.down.sql'), 'SELECT 1')
  return findDrift({ models, folder, scratch })
}

test('finds no difference between models and what the migrations create', async () => {
  expect(await driftOf(same)).toEqual([])
})

test.each([
  [
    ['numeric(10, 2)', 'numeric(12, 2)'],
    { object: 'column products.unit_price', models: 'numeric(10,2) NOT NULL' },
  ],
  [
    ['stock integer DEFAULT -1', 'stock integer DEFAULT 0'],
    { object: 'column products.stock', migrations: 'integer NOT NULL DEFAULT 0' },
  ],
  [['category_id uuid', 'category_id uuid NOT NULL'], { object: 'column products.category_id' }],
  [['stock > -2', 'stock > -3'], { object: 'constraint products.stock_check' }],
  [["'draft', 'active'", "'active', 'draft'"], { object: 'enum product_status' }],
  [['ON products (stock)', 'ON products (stock DESC)'], { object: expect.stringMatching('index') }],
  [['REFERENCES categories', 'REFERENCES categories ON DELETE CASCADE'], {}],
])('finds %j', async ([from = '', to = ''], difference) => {
  expect(await driftOf(same.replace(from, to))).toMatchObject([difference])
})

test('reports a table that only one side has', async () => {
  expect(await driftOf(`${same} CREATE TABLE extra (id int PRIMARY KEY);`)).toContainEqual({
    object: 'table extra',
    models: null,
    migrations: '',
  })
})

test('names a migration that fails', async () => {
  await expect(driftOf('SELECT 1;\nSELECT nothing')).rejects.toThrow('all.up.sql:2: column')
})
