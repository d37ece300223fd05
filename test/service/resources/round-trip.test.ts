import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { openDatabase } from '../../../src/db/client.ts'
import { specimens as table } from '../../../src/resources/specimens/specimen.model.ts'
import { testApp } from '../../support/app.ts'
import { postgresUrl } from '../../support/database.ts'
import { neededEnv } from '../../support/environment.ts'
import { type Specimens, specimensOf } from '../support/specimens.ts'
import { accepted, refused } from './values.ts'

// What is accepted is read as it was sent, or as its canonical form; everything else is a 422.

describe('on the database of the tests', () => roundTrips(() => testApp()))

describe.skipIf(!postgresUrl)(
  'on a PostgreSQL with other session settings (needs DATABASE_URL)',
  () => {
    const name = `round_trip_${process.pid}`
    const url = new URL(postgresUrl ?? 'postgres://localhost')

    beforeAll(async () => {
      await onServer(`CREATE DATABASE ${name}`)
      for (const [setting, value] of [
        // Until 1972 it was 44 minutes and 30 seconds behind.
        ['timezone', 'Africa/Monrovia'],
        ['datestyle', 'SQL, DMY'],
        ['intervalstyle', 'sql_standard'],
        ['extra_float_digits', '0'],
        ['bytea_output', 'escape'],
      ]) {
        await onServer(`ALTER DATABASE ${name} SET ${setting} TO '${value}'`)
      }
      url.pathname = `/${name}`
    })

    afterAll(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`))

    roundTrips(() => {
      const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', ...neededEnv, DATABASE_URL: url.href }
      return buildApp(loadConfig(env))
    })
  },
)

async function onServer(sql: string): Promise<void> {
  const client = await openDatabase(
    loadConfig({ NODE_ENV: 'test', DATABASE_URL: postgresUrl }).database,
  )
  await client.query(sql)
  await client.close()
}

function roundTrips(build: () => Promise<FastifyInstance>): void {
  let app: FastifyInstance
  let specimens: Specimens

  beforeAll(async () => {
    app = await build()
    specimens = await specimensOf(app)
  })

  beforeEach(async () => {
    await app.db.delete(table)
  })

  afterAll(() => app.close())

  it.each(fieldsOf(accepted))('reads %s as it was written', async (field) => {
    for (const [, sent, back] of accepted.filter(([name]) => name === field)) {
      await app.db.delete(table)
      const created = await specimens.createWith(field, sent)
      expect([sent, created]).toMatchObject([sent, { status: 201, body: { [field]: back } }])
      expect((await specimens.get(created.body.id)).body).toEqual(created.body)
      expect((await specimens.list({})).data).toEqual([created.body])
      const again = await specimens.putBack(created.body)
      expect(again.body).toEqual({ ...created.body, updatedAt: again.body.updatedAt })
    }
  })

  it.each(fieldsOf(refused))('returns 422 for values that %s cannot hold', async (field) => {
    for (const value of refused.flatMap(([name, values]) => (name === field ? values : []))) {
      const { status, body } = await specimens.createWith(field, value)
      expect({ value, status }).toEqual({ value, status: 422 })
      expect(body.errors?.[0]?.pointer).toMatch(new RegExp(`^#/${field}(/|$)`))
    }
    expect((await specimens.list({})).data).toEqual([])
  })
}

function fieldsOf(rows: readonly [field: string, ...unknown[]][]): string[] {
  return [...new Set(rows.map(([field]) => field))]
}
