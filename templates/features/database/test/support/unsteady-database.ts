import type { TestContext } from 'vitest'
import { emptyDatabase } from './database.ts'
import { TcpProxy } from './tcp-proxy.ts'

/** An empty database on PostgreSQL, behind a network that can fail; only with DATABASE_URL. */
export async function unsteadyDatabase(context: TestContext) {
  const { url = '', drop } = await emptyDatabase()
  context.onTestFinished(drop)
  const network = await new TcpProxy(url).start()
  context.onTestFinished(() => network.stop())
  return { network, url: network.url }
}
