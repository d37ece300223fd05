import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config/index.ts'
import { businessMetrics } from './business.ts'
import { type Family, renderPage } from './exposition.ts'
import { startMeasuring } from './node-metrics.ts'
import { measureProcess } from './process-metrics.ts'

/**
 * Serves the metrics of this process at `/metrics`: on a port of their own with METRICS_PORT, else
 * with the API. Several workers leave it to their primary, because each only knows its own part.
 */
export const metricsPage = fp(
  async (app) => {
    const { metrics, server } = app.config
    measureProcess(app)
    app.metrics.of(businessMetrics)
    app.addHook('onListen', async () => void startMeasuring())
    if (server.workers > 1) return

    if (metrics.port !== undefined) {
      let pages: Server | undefined
      app.addHook('onListen', async () => {
        pages = await servePages(app.config, app.log, () => app.metrics.collect())
      })
      app.addHook('onClose', async () => pages?.close())
    } else if (metrics.enabled) {
      const config = { quiet: true, shed: false } as const
      app.get('/metrics', { config, schema: { hide: true } }, async (request, reply) => {
        const { type, body } = renderPage(await app.metrics.collect(), request.headers.accept)
        return reply.header('content-type', type).send(body)
      })
    }
  },
  { name: 'metrics-page', dependencies: ['draining'] },
)

/** Serves pages on METRICS_PORT, for Prometheus alone. */
export async function servePages(
  { metrics, server }: Pick<Config, 'metrics' | 'server'>,
  log: Pick<FastifyBaseLogger, 'info'>,
  collect: () => Promise<readonly Family[]>,
): Promise<Server> {
  const pages = createServer(({ url, method, headers }, response) => {
    const send = (families: readonly Family[]) => {
      const { type, body } = renderPage(families, headers.accept)
      response.writeHead(200, { 'content-type': type }).end(body)
    }
    const isScrape = method === 'GET' && url?.split('?')[0] === '/metrics'
    if (isScrape) collect().then(send, () => response.writeHead(500).end())
    else response.writeHead(404).end()
  })
  await once(pages.listen(metrics.port, server.host), 'listening')
  log.info(pages.address(), 'metrics are served')
  return pages
}
