import { randomBytes } from 'node:crypto'
import type { TestContext } from 'vitest'
import { openPostgres } from '../../../src/db/client.ts'
import { emptyDatabase, postgresUrl } from '../../support/database.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'

/** Prints why the tests of a file are skipped, if they are. */
export const skipReason = postgresUrl
  ? undefined
  : 'Skipped: these tests need PostgreSQL. Set DATABASE_URL to run them.'
if (skipReason) console.info(skipReason)

/** A database, not a schema, whose own settings `settings` changes; dropped after the test. */
export async function newDatabase(
  context: TestContext,
  settings: Record<string, string> = {},
): Promise<string> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  const server = openPostgres(postgresUrl ?? '', 1)
  await server.query(`CREATE DATABASE ${name}`)
  context.onTestFinished(async () => {
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await server.close()
  })
  for (const statement of alterDatabase(name, settings)) await server.query(statement)
  const url = new URL(postgresUrl ?? '')
  url.pathname = `/${name}`
  return url.href
}

/** The statements that change the settings of a database. */
export function alterDatabase(name: string, settings: Record<string, string>): string[] {
  return Object.entries(settings).map(
    ([setting, value]) => `ALTER DATABASE ${name} SET ${setting} TO ${value}`,
  )
}

/** An empty schema on PostgreSQL, behind a network that can fail. */
export async function unsteadyDatabase(context: TestContext, parameters: Record<string, string>) {
  const { url, drop } = await emptyDatabase(parameters)
  context.onTestFinished(drop)
  const network = await new TcpProxy(url).start()
  context.onTestFinished(() => network.stop())
  return { network, url: network.url }
}
