import type { TestContext } from 'vitest'
import { emptyDatabase } from './database.ts'
import { TcpProxy } from './tcp-proxy.ts'

/** An empty database on PostgreSQL, behind a network that can fail; only with DATABASE_URL. */
export async function unsteadyDatabase(context: TestContext) {
  const { url = '', drop } = await emptyDatabase()
  context.onTestFinished(drop)
  const { hostname, port } = new URL(url)
  const network = new TcpProxy({ host: hostname, port: Number(port || 5432) })
  await network.start()
  context.onTestFinished(() => network.stop())
  const through = new URL(url)
  through.host = `127.0.0.1:${network.port}`
  return { network, url: through.href }
}
