import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { serving } from './processes.ts'
import { shortened } from './shortened.ts'
import { temporaryFolder } from './tree.ts'

/** How many times as fast as in production alerts fire and resolve. */
export const factor = 30

/** The programs of one version. */
export interface Tools {
  readonly prometheus: string
  readonly alertmanager: string
  readonly version: string
}

/** The newest Prometheus in the folders of PROMETHEUS_PATHS, or the installed one; or none. */
export function newestTools(): Tools | undefined {
  const folders = process.env.PROMETHEUS_PATHS?.split(':') ?? ['']
  const all = folders.flatMap((folder) => {
    const program = (name: string) => (folder === '' ? name : join(folder, name))
    const prometheus = program('prometheus')
    const version = versionOf(prometheus)
    const senders = ['alertmanager', 'prometheus-alertmanager'].map(program)
    const alertmanager = senders.find(versionOf)
    if (version === undefined || alertmanager === undefined) return []
    return [{ prometheus, alertmanager, version }]
  })
  return all.toSorted((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }))[0]
}

function versionOf(program: string): string | undefined {
  const { stdout, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /version (\d\S*)/.exec(`${stdout}${stderr}`)?.[1]
}

/** What a person is told about one alert. */
export interface Notice {
  readonly receiver: string
  readonly status: 'firing' | 'resolved'
  readonly fingerprint: string
  readonly labels: Readonly<Record<string, string>>
}

/** An alert as Alertmanager sees it now. */
export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] }
}

/** The monitoring that a service ships, in operation: with real programs, and a faster clock. */
export interface Monitoring {
  /** Everything that was sent so far, in order. */
  readonly notices: readonly Notice[]
  /** Asks the API of Prometheus, such as `query`, and gives its `data`. */
  ask<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T>
  alerts(): Promise<readonly KnownAlert[]>
  stop(): Promise<void>
}

/**
 * Starts Prometheus and Alertmanager with the files of a service. Its rules and routes are shortened,
 * it scrapes and evaluates every second, and each receiver is a webhook of its name.
 *
 * @param targets host and port of each instance
 */
export async function startMonitoring(
  root: string,
  { prometheus, alertmanager }: Tools,
  targets: readonly string[],
): Promise<Monitoring> {
  const notices: Notice[] = []
  const webhook = createServer(async (request, response) => {
    const body: Buffer[] = await request.toArray()
    const { receiver, alerts } = JSON.parse(Buffer.concat(body).toString())
    notices.push(...alerts.map((alert: Notice) => ({ ...alert, receiver })))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(webhook, 'listening')
  const stops = [async () => void webhook.close()]
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  const run = async (program: string, ...words: readonly string[]) => {
    const address = (port: number) => `--web.listen-address=127.0.0.1:${port}`
    const all = (port: number) => [program, address(port), ...words]
    const server = await serving(folder, all, {}, '/-/ready')
    stops.push(async () => void (await server.stop('SIGKILL', 'group')))
    return server.url
  }
  const folder = temporaryFolder()
  const shipped = join(root, 'deployment')
  try {
    const { port } = webhook.address() as AddressInfo
    const routes = join(folder, 'alertmanager.yml')
    writeFileSync(routes, routesOf(shipped, `http://127.0.0.1:${port}`))
    const [config, storage] = [`--config.file=${routes}`, `--storage.path=${folder}/alerts-data`]
    const sender = await run(alertmanager, config, storage, '--cluster.listen-address=')
    writeFileSync(join(folder, 'prometheus.yml'), scrapesOf(shipped, targets, new URL(sender).host))
    writeRules(shipped, folder)
    const watcher = await run(
      prometheus,
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      '--enable-feature=exemplar-storage',
      // What Alertmanager missed while it was unknown is sent again soon.
      '--rules.alert.resend-delay=1s',
    )
    return {
      notices,
      ask: async (path, parameters) => {
        const query = new URLSearchParams(parameters)
        const response = await fetch(`${watcher}/api/v1/${path}?${query}`)
        const answer = (await response.json()) as { data: never }
        if (!response.ok) throw new Error(`${path} ${query}: ${JSON.stringify(answer)}`)
        return answer.data
      },
      alerts: async () => {
        const response = await fetch(`${sender}/api/v2/alerts`)
        return (await response.json()) as readonly KnownAlert[]
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function writeRules(shipped: string, folder: string): void {
  mkdirSync(join(folder, 'alerts'))
  for (const name of readdirSync(join(shipped, 'prometheus/alerts'))) {
    const rules = readFileSync(join(shipped, 'prometheus/alerts', name), 'utf8')
    writeFileSync(join(folder, 'alerts', name), shortened(rules, factor))
  }
}

function scrapesOf(shipped: string, targets: readonly string[], alertmanager: string): string {
  const config = parse(readFileSync(join(shipped, 'prometheus/prometheus.yml'), 'utf8'))
  Object.assign(config.global, { scrape_interval: '1s', evaluation_interval: '1s' })
  config.alerting.alertmanagers = [{ static_configs: [{ targets: [alertmanager] }] }]
  config.scrape_configs[0].static_configs = [{ targets }]
  return stringify(config)
}

function routesOf(shipped: string, webhook: string): string {
  const text = readFileSync(join(shipped, 'alertmanager/alertmanager.yml'), 'utf8')
  const config = parse(shortened(text, factor))
  const webhook_configs = [{ url: webhook, send_resolved: true }]
  const receivers = config.receivers.map(({ name }: { name: string }) => ({
    name,
    webhook_configs,
  }))
  return stringify({ ...config, global: {}, receivers })
}
