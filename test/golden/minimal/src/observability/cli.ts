import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { type CliContext, type Row, table } from '../cli/command.ts'
import type { Config } from '../config/index.ts'
import { type Change, changeBetween, parsePage, type Samples } from './page-reader.ts'

interface Options {
  url?: string
  interval: number
  objective: number
  watch?: true
  json?: true
}

type View = (change: Change, options: Options) => Row[]

/** Adds `monitor status` and `monitor metrics`, for those who have no dashboard at hand. */
export function monitorCommands(program: Command, context: CliContext): void {
  const group = program.command('monitor').description('look at what the service does')
  const add = (command: Command, view: View) =>
    command
      .option('--url <url>', 'page of the metrics; by default, that of the service configured here')
      .option('--interval <seconds>', 'how long to measure', seconds, 2)
      .option('--watch', 'refresh until Ctrl-C')
      .option('--json', 'print JSON')
      .action((options: Options) => show(context, options, view))
  const status = 'show requests, saturation, dependencies, circuits, caches and limits'
  add(group.command('status').description(status), statusOf).option(
    '--objective <percent>',
    'percentage of good requests that burn rates refer to',
    percentage,
    99,
  )
  const metrics = 'show rate, percentiles and errors of each route'
  add(group.command('metrics').description(metrics), routesOf)
}

async function show(context: CliContext, options: Options, view: View): Promise<void> {
  const { url, interval, watch, json } = options
  const page = url ?? pageOf(context.config())
  try {
    let before = await scrape(page)
    do {
      await sleep(interval * 1_000)
      const after = await scrape(page)
      const rows = view(changeBetween(before, after), options)
      const text = json ? `${JSON.stringify(rows)}\n` : table(rows, 'No requests yet.')
      context.io.stdout.write(watch && !json ? `\u001b[H\u001b[J${text}` : text)
      before = after
    } while (watch)
  } catch (error) {
    const reason = error instanceof Error ? (Object(error.cause).code ?? error.message) : error
    throw new Error(`${page} can't be read: ${reason}\n${advice}`)
  }
}

const advice =
  'Start the service, set METRICS_ENABLED or METRICS_PORT, or name the page with --url.'

function pageOf({ metrics, server }: Config): string {
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[server.host] ?? server.host
  const authority = host.includes(':') ? `[${host}]` : host
  return `http://${authority}:${metrics.port ?? server.port}/metrics`
}

async function scrape(page: string): Promise<{ at: number; samples: Samples }> {
  const response = await fetch(page, { signal: AbortSignal.timeout(5_000) })
  if (!response.ok) throw new Error(`it answers ${response.status}`)
  return { at: Date.now(), samples: parsePage(await response.text()) }
}

const durations = 'http_server_request_duration_seconds'

const circuitStates = ['closed', 'half-open', 'open']

function statusOf({ values, rate, quantile }: Change, { objective }: Options): Row[] {
  const failed = rate(`${durations}_count`, { http_response_status_code: /^5/ })
  const requests = rate(`${durations}_count`)
  const errors = requests > 0 ? failed / requests : 0
  const burnRate = errors / (1 - objective / 100)
  const row = (what: string, value: string) => ({ what, value })
  const one = (name: string, labels = {}) => values(name, labels)[0]?.value ?? 0
  const heap = one('memory_usage_bytes', { type: 'heap_used' })
  const heapLimit = one('nodejs_heap_size_limit_bytes')
  return [
    row('requests', `${requests.toFixed(1)}/s, ${one('http_server_active_requests')} in progress`),
    ...[0.5, 0.95, 0.99].map((q) => row(`p${q * 100}`, time(quantile(durations, q)))),
    row('server errors', `${percent(errors)}, burn rate ${burnRate.toFixed(1)}`),
    row('cpu', percent(one('cpu_usage_percent') / 100)),
    row('event loop', `${percent(one('nodejs_eventloop_utilization_ratio'))} busy`),
    row('heap', `${megabytes(heap)}, ${percent(heap / heapLimit)} of the limit`),
    row('memory', megabytes(one('memory_usage_bytes', { type: 'rss' }))),
    ...values('dependency_health').map(({ labels, value }) =>
      row(`dependency ${labels.dependency_name}`, value === 1 ? 'healthy' : 'down'),
    ),
    ...values('db_client_connection_max').map(({ labels, value }) => {
      const inUse = { ...labels, db_client_connection_state: 'used' }
      const used = one('db_client_connection_count', inUse)
      const waiting = one('db_client_connection_pending_requests', labels)
      return row('database connections', `${used} of ${value} in use, ${waiting} waiting`)
    }),
    ...values('circuit_breaker_state').map(({ labels, value }) =>
      row(`circuit ${labels.circuit_name}`, circuitStates[value] ?? `${value}`),
    ),
    ...values('cache_entries').map(({ labels: { cache_name = '' }, value }) => {
      const hits = rate('cache_hits_total', { cache_name })
      const reads = hits + rate('cache_misses_total', { cache_name })
      const found = reads > 0 ? percent(hits / reads) : '-'
      return row(`cache ${cache_name}`, `${reads.toFixed(1)}/s, ${found} hits, ${value} in memory`)
    }),
    ...values('rate_limit_tracked_keys').map(({ labels: { limiter = '' }, value }) => {
      const refused = rate('rate_limit_checks_total', { limiter, result: 'rejected' })
      return row(`limit ${limiter}`, `${refused.toFixed(1)}/s refused, ${value} clients`)
    }),
  ]
}

function routesOf({ values, rate, quantile }: Change): Row[] {
  const routes = new Set(values(`${durations}_count`).map(({ labels }) => labels.http_route ?? ''))
  return [...routes].sort().map((http_route) => {
    const requests = rate(`${durations}_count`, { http_route })
    const failed = rate(`${durations}_count`, { http_route, http_response_status_code: /^5/ })
    return {
      route: http_route,
      'requests/s': requests.toFixed(1),
      p50: time(quantile(durations, 0.5, { http_route })),
      p95: time(quantile(durations, 0.95, { http_route })),
      p99: time(quantile(durations, 0.99, { http_route })),
      errors: percent(requests > 0 ? failed / requests : 0),
    }
  })
}

const percent = (share: number) => `${(share * 100).toFixed(1)}%`
const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MiB`
const time = (value: number) => (Number.isNaN(value) ? '-' : `${Math.round(value * 1_000)} ms`)

function seconds(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 3_600) return value
  throw new InvalidArgumentError('It must be a number of seconds, up to 3600.')
}

function percentage(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 100) return value
  throw new InvalidArgumentError('It must be a percentage above 0 and below 100, such as 99.9.')
}
