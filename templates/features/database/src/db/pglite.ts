import { join } from 'node:path'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import type { Connection, DatabaseClient } from './client.ts'
import { lockFolder } from './lock.ts'
import * as schema from './schema.ts'

/**
 * PostgreSQL inside this process, with its files in `folder`, or in memory without one.
 * @throws {FolderInUseError} when the folder is open already, here or in another process
 */
export async function openPglite(folder?: string): Promise<DatabaseClient> {
  if (folder === undefined) return client(await PGlite.create())
  const lock = await lockFolder(folder)
  try {
    const opened = client(await PGlite.create(join(folder, 'pglite')))
    return {
      ...opened,
      lock,
      async close() {
        await opened.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

function client(pglite: PGlite): DatabaseClient {
  let last: Promise<unknown> = Promise.resolve()
  return {
    db: drizzle({ client: pglite, schema, casing: 'snake_case' }),
    kind: 'pglite',
    query: connection(pglite).query,
    withConnection(work) {
      const turn = last.then(() => work(connection(pglite)))
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
      // Through PGlite's own method: it keeps the queries of requests out of the transaction.
      if (session instanceof PGlite) return session.transaction((tx) => work(connection(tx)))
      return work(this)
    },
  }
}
