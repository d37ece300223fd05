import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../src/db/client.ts'
import { transaction } from '../../src/db/transaction.ts'
import { emptyDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Database

beforeEach(async () => {
  database = await emptyDatabase()
  db = database.client.db
  await db.execute(sql`CREATE TABLE notes (id int PRIMARY KEY)`)
})
afterEach(() => database.drop())

const add = (tx: Database, id: number) => tx.execute(sql`INSERT INTO notes VALUES (${id})`)

async function notes(): Promise<number[]> {
  const { rows } = await db.execute<{ id: number }>(sql`SELECT id FROM notes ORDER BY id`)
  return rows.map(({ id }) => id)
}

const conflict = Object.assign(new Error('conflict'), { code: '40001', severity: 'ERROR' })

test('all of it happens, and the result comes back', async () => {
  const result = await transaction(db, async (tx) => {
    await add(tx, 1)
    await add(tx, 2)
    return 'done'
  })
  expect(result).toBe('done')
  expect(await notes()).toEqual([1, 2])
})

test('or nothing', async () => {
  const failing = transaction(db, async (tx) => {
    await add(tx, 1)
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await notes()).toEqual([])
})

test('a conflict with another transaction runs it again', async () => {
  let runs = 0
  await transaction(db, async (tx) => {
    runs += 1
    await add(tx, runs)
    if (runs < 3) throw conflict
  })
  expect(await notes()).toEqual([3])
})

test('as often as allowed, and for no other error', async () => {
  let runs = 0
  const work = async () => {
    runs += 1
    throw conflict
  }
  await expect(transaction(db, work, { attempts: 2 })).rejects.toThrow('conflict')
  expect(runs).toBe(2)
})

test('within another one it can fail by itself, and runs once', async () => {
  let runs = 0
  await transaction(db, async (tx) => {
    await add(tx, 1)
    const inner = transaction(tx, async (savepoint) => {
      runs += 1
      await add(savepoint, 2)
      throw conflict
    })
    await expect(inner).rejects.toThrow('conflict')
  })
  expect(await notes()).toEqual([1])
  expect(runs).toBe(1)
})

test('the isolation level is that of the options', async () => {
  const level = await transaction(
    db,
    async (tx) => (await tx.execute(sql`SHOW transaction_isolation`)).rows[0],
    { isolationLevel: 'serializable' },
  )
  expect(level).toEqual({ transaction_isolation: 'serializable' })
})
