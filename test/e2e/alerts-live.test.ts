import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { parse } from 'yaml'
import { type Fault, faults, type World } from '../support/alert-faults.ts'
import { copiedService } from '../support/copied-service.ts'
import {
  again,
  compileForFaults,
  Instance,
  OwnDatabase,
  OwnRedis,
  PriceService,
  productionEnv,
} from '../support/loaded-service.ts'
import { factor, type Monitoring, newestTools, startMonitoring } from '../support/monitoring.ts'

/*
 * The alerts and the dashboard of a service in operation: two instances of it in production, a
 * Prometheus and an Alertmanager with its files, and real faults. Only the clock of the rules is
 * faster.
 */

const tools = newestTools()
const missing = [
  tools === undefined && 'Prometheus and Alertmanager are not installed',
  spawnSync('redis-server', ['--version']).error && 'redis-server is not installed',
  process.env.DATABASE_URL === undefined && 'DATABASE_URL is not set',
].filter(Boolean)
if (missing.length > 0) {
  process.stderr.write(`Alerts are not seen in operation: ${missing.join('; ')}.\n`)
}

const patient = { timeout: 120_000, interval: 100 }
const quietMs = 60_000

const prices = new PriceService()
const redis = new OwnRedis()
const database = new OwnDatabase()
const cleanups: (() => unknown)[] = []
let world: World
let monitoring: Monitoring
let started: number

const seconds = () => Date.now() / 1_000

async function start(): Promise<void> {
  if (tools === undefined) throw new Error('no Prometheus')
  const root = copiedService()
  await compileForFaults(root)
  cleanups.push(() => prices.stop())
  const EXAMPLE_URL = await prices.start()
  cleanups.push(() => redis.kill())
  await redis.start()
  cleanups.push(() => database.drop())
  await database.create()
  const env = { ...productionEnv, DATABASE_URL: database.url, REDIS_URL: redis.url }
  const instance = async (more: Record<string, string>, files: number) => {
    const made = await Instance.start(root, { ...env, ...more }, files)
    cleanups.push(() => made.kill())
    return made
  }
  // One stays open until it is told to try again; the other is to flap.
  const circuit = (failures: number, seconds: number) => ({
    CIRCUIT_BREAKER_FAILURE_THRESHOLD: `${failures}`,
    CIRCUIT_BREAKER_RECOVERY_TIMEOUT: `${seconds}`,
  })
  const service = await instance({ ...circuit(20, 5), EXAMPLE_URL }, 4_096)
  const second = await instance({ ...circuit(5, 1), EXAMPLE_URL: 'http://127.0.0.1:1' }, 1_000)
  monitoring = await startMonitoring(root, tools, [service.target, second.target])
  cleanups.push(() => monitoring.stop())
  started = seconds()
  const account = { email: 'grace@example.com', password: 'a good password' }
  await service.send('/auth/register', { body: account })
  const { body } = await service.send('/auth/login', { body: account })
  const user = { authorization: `Bearer ${body.accessToken}` }
  const slowTraces = new Set<string>()
  world = { service, second, user, prices, redis, database, monitoring, slowTraces }
  cleanups.push(
    again(1, 1_000, async () => {
      for (const path of ['/auth/me', '/offer', '/price-checks?sku=ok']) {
        await service.send(path, { headers: user })
      }
    }),
  )
}

/** The last that was said of each alert of this name, after the first so many notices. */
function latest(alertname: string, after = 0): readonly string[] {
  const its = monitoring.notices.slice(after).filter(({ labels }) => labels.alertname === alertname)
  return [...new Map(its.map(({ fingerprint, status }) => [fingerprint, status])).values()]
}

async function firesAndResolves({ alerts, begin, meanwhile }: Fault): Promise<void> {
  const before = monitoring.notices.length
  const end = await begin(world)
  try {
    await vi.waitFor(() => {
      for (const name of alerts) expect(latest(name, before), name).toContain('firing')
    }, patient)
    await meanwhile?.(world)
  } finally {
    await end()
  }
  await vi.waitFor(() => {
    for (const name of alerts) expect(new Set(latest(name)), name).toEqual(new Set(['resolved']))
  }, patient)
}

describe.skipIf(missing.length > 0)('the alerts of a service in operation', () => {
  beforeAll(start)
  afterAll(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean()
  })

  it('are quiet while it is healthy', async () => {
    console.info(`Prometheus ${tools?.version}`)
    await sleep(quietMs)
    const query = `count by (alertname) (max_over_time(ALERTS{alertstate="firing"}[${quietMs}ms]))`
    const { result } = await monitoring.ask<Matrix>('query', { query })
    expect(result.map(({ metric }) => metric.alertname)).toEqual(['Watchdog'])
    expect(new Set(monitoring.notices.map(({ labels }) => labels.alertname))).toEqual(
      new Set(['Watchdog']),
    )
  })

  it('have a fault for each group', () => {
    const folder = join(inject('service').root, 'deployment/prometheus/alerts')
    const groups = readdirSync(folder)
      .flatMap((name) => (parse(readFileSync(join(folder, name), 'utf8')) as Rules).groups)
      .filter(({ rules }) => rules.some(({ alert }) => alert !== undefined))
    const seen = Object.values(faults).flatMap((some) => some.flatMap(({ alerts }) => alerts))
    const covered = groups.filter(({ rules }) =>
      rules.some(({ alert = '' }) => seen.includes(alert)),
    )
    const names = (some: typeof groups) => new Set(some.map(({ name }) => name))
    expect(names(covered)).toEqual(names(groups))
  })

  describe.each(Object.entries(faults))('during %s', (_, some) => {
    const cases = some.map((fault) => [fault.what, fault.alerts.join(' and '), fault] as const)
    it.concurrent.each(cases)('when %s: %s', (_what, _alerts, fault) => firesAndResolves(fault))
  })

  it('reach the receiver for their severity', () => {
    const receivers = { critical: 'pagerduty', warning: 'slack', none: 'watchdog' }
    for (const { labels, receiver } of monitoring.notices) {
      expect([labels.alertname, receiver]).toEqual([
        labels.alertname,
        receivers[labels.severity as keyof typeof receivers],
      ])
    }
  })

  it('leave data for each query of the dashboard', async () => {
    const path = 'deployment/grafana/dashboards/application-overview.json'
    const dashboard: Dashboard = JSON.parse(
      readFileSync(join(inject('service').root, path), 'utf8'),
    )
    const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ title, expr })),
    )
    const times = { start: `${started}`, end: `${seconds()}`, step: '5' }
    const empty = []
    for (const { title, expr } of queries) {
      const query = expr
        .replaceAll('$__rate_interval', `${300 / factor}s`)
        .replaceAll('$job', 'my-app')
        .replaceAll(/\$\w+/g, '.*')
      const { result } = await monitoring.ask<Matrix>('query_range', { query, ...times })
      const isSeen = result.some(({ values = [] }) => values.some(([, value]) => value !== 'NaN'))
      if (!isSeen) empty.push(`${title}: ${query}`)
    }
    expect(queries.length).toBeGreaterThan(50)
    expect(empty).toEqual([])
  })

  it('lead from a slow request to its trace', async () => {
    const found = await monitoring.ask<readonly Exemplars[]>('query_exemplars', {
      query: 'http_server_request_duration_seconds_bucket{http_route="/api/v1/auth/me"}',
      start: `${started}`,
      end: `${seconds()}`,
    })
    const slow = found
      .flatMap(({ exemplars }) => exemplars)
      .filter(({ value }) => Number(value) > 2)
    expect(slow.length).toBeGreaterThan(0)
    for (const { labels } of slow) expect([...world.slowTraces]).toContain(labels.trace_id)
  })
})

interface Matrix {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>
    readonly values?: readonly (readonly [number, string])[]
  }[]
}

interface Exemplars {
  readonly exemplars: readonly { readonly labels: { trace_id: string }; readonly value: string }[]
}

interface Rules {
  readonly groups: readonly {
    readonly name: string
    readonly rules: readonly { alert?: string }[]
  }[]
}

interface Dashboard {
  readonly panels: readonly { title: string; targets?: readonly { expr: string }[] }[]
}
