import { join } from 'node:path'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { type Connection, type DatabaseClient, sessionSettings } from './client.ts'
import { lockFolder } from './embedded.ts'
import * as schema from './schema.ts'

const settings = Object.entries(sessionSettings).map(([name, value]) => `SET ${name} TO '${value}'`)
const resetSession = ['RESET ALL', ...settings].join(';')

/**
 * PostgreSQL inside this process, with its files in `folder`, or in memory without one.
 * @throws {FolderInUseError} when the folder is already open, here or in another process
 */
export async function openPglite(folder?: string): Promise<DatabaseClient> {
  if (folder === undefined) return openClient(await PGlite.create())
  const lock = await lockFolder(folder)
  try {
    const client = await openClient(await PGlite.create(join(folder, 'pglite')))
    return {
      ...client,
      lock,
      async close() {
        await client.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openClient(pglite: PGlite): Promise<DatabaseClient> {
  await pglite.exec(resetSession)
  let last: Promise<unknown> = Promise.resolve()
  return {
    db: drizzle({ client: pglite, schema, casing: 'snake_case' }),
    kind: 'pglite',
    query: connection(pglite).query,
    withConnection(work) {
      const turn = last
        .then(() => work(connection(pglite)))
        .finally(() => pglite.exec(resetSession))
      last = turn.catch(() => {})
      return turn
    },
    close: () => pglite.close(),
  }
}

function connection(session: PGlite | Transaction): Connection {
  return {
    async query<Row>(text: string, values: unknown[] = []) {
      const { rows } = await session.query<Row>(text, values)
      return rows
    },
    async run(script) {
      await session.exec(script)
    },
    async transaction(work) {
      // PGlite's own method keeps the queries of requests out of the transaction.
      if (session instanceof PGlite) return session.transaction((tx) => work(connection(tx)))
      return work(this)
    },
  }
}
