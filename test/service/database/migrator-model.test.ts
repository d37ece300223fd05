import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMigrator } from '../../../src/db/migrator.ts'
import { emptyDatabase } from '../../support/database.ts'
import { randomFrom } from '../../support/random.ts'

interface Script {
  version: number
  fails: boolean
}

const steps = 60

/** What the migrator should do, without a database: the files, and what ran in which order. */
class Model {
  readonly files = new Map<string, Script>()
  applied: { id: string; version: number }[] = []

  states(): string[] {
    const ids = new Set([...this.files.keys(), ...this.applied.map(({ id }) => id)])
    return [...ids].sort().map((id) => {
      const entry = this.applied.find((it) => it.id === id)
      const file = this.files.get(id)
      if (!entry) return `pending ${id}`
      if (!file) return `missing ${id}`
      return `${file.version === entry.version ? 'applied' : 'changed'} ${id}`
    })
  }

  /** Undefined where the migrator should refuse or fail. */
  migrate(): string[] | undefined {
    if (this.states().some((state) => state.startsWith('changed'))) return undefined
    const ran: string[] = []
    const pending = this.states().filter((state) => state.startsWith('pending'))
    for (const id of pending.map((state) => state.slice('pending '.length))) {
      const file = this.files.get(id)
      if (!file || file.fails) return undefined
      this.applied.push({ id, version: file.version })
      ran.push(id)
    }
    return ran
  }

  rollback(count: number): string[] | undefined {
    const last = this.applied.slice(-count).reverse()
    if (last.some(({ id }) => !this.files.has(id))) return undefined
    this.applied = this.applied.slice(0, Math.max(0, this.applied.length - count))
    return last.map(({ id }) => id)
  }
}

test.each([1, 2, 3, 4])('behaves as its model, seed %i', async (seed) => {
  const random = randomFrom(seed)
  const pick = (limit: number) => Math.floor(random() * limit)
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  const { client, drop } = await emptyDatabase()
  const migrator = createMigrator(client, folder)
  const model = new Model()
  let applied = 0
  let refused = 0

  async function write(id: string, file: Script): Promise<void> {
    model.files.set(id, file)
    const table = `t${id.slice(0, 14)}`
    const failure = file.fails ? '; SELECT 1 / 0' : ''
    const up = `CREATE TABLE ${table} (v${file.version} int)${failure}`
    await writeFile(join(folder, `${id}.up.sql`), up)
    await writeFile(join(folder, `${id}.down.sql`), `DROP TABLE ${table}`)
  }

  for (let step = 0; step < steps; step += 1) {
    const known = [...model.files.keys()]
    const some = known[pick(known.length)]
    const action = pick(10)
    if (action < 3 || some === undefined) {
      const id = `202601${String(10 + pick(20))}${String(100_000 + pick(100_000))}_m${step}`
      await write(id, { version: 0, fails: pick(10) === 0 })
    } else if (action === 3) {
      await write(some, { version: pick(2), fails: false })
    } else if (action === 4) {
      model.files.delete(some)
      await rm(join(folder, `${some}.up.sql`))
      await rm(join(folder, `${some}.down.sql`))
    } else if (action < 8) {
      const ran = await migrator.migrate().catch(() => undefined)
      expect(ran).toEqual(model.migrate())
      if (ran === undefined) refused += 1
      else applied += ran.length
    } else {
      const count = 1 + pick(3)
      expect(await migrator.rollback(count).catch(() => undefined)).toEqual(model.rollback(count))
    }
    const status = await migrator.status()
    expect(status.map(({ id, state }) => `${state} ${id}`)).toEqual(model.states())
    const tables = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables
       WHERE schemaname = current_schema() AND tablename LIKE 't%' ORDER BY 1`,
    )
    const expected = model.applied.map(({ id }) => `t${id.slice(0, 14)}`).sort()
    expect(tables.map(({ name }) => name)).toEqual(expected)
  }
  console.info(`seed ${seed}: ${steps} steps, ${applied} migrations applied, ${refused} refusals`)
  await drop()
  await rm(folder, { recursive: true })
})
