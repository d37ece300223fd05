import { spawnSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ServiceUnavailableError } from '../../../src/http/app-error.ts'
import { businessMetrics } from '../../../src/observability/business.ts'
import { testApp } from '../../support/app.ts'
import { answer, Callee } from '../../support/callee.ts'
import { postgresUrl } from '../../support/database.ts'
import { RawRequest } from '../../support/raw-request.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { password } from '../../support/users.ts'
import { withMemoryLimit } from '../support/memory-limit.ts'
import { ownFamilies, type Scrape, scrape, sumOf } from '../support/scrape.ts'

/*
 * One run against a service that listens: everything that it measures must be seen non-zero, by
 * requests and by real faults alone.
 */

const patient = { timeout: 60_000, interval: 20 }

/** Nobody waits for a connection of PGlite, which has no pool. */
const without = postgresUrl ? [] : ['db_client_connection_pending_requests']
if (!postgresUrl) console.info(`${without} stays at zero: DATABASE_URL is not set.`)

const prices = (amount: string) => answer(200, JSON.stringify({ amount, currency: 'EUR' }))
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

const callee = new Callee()
let app: FastifyInstance
let url: string
let during: Scrape
let isOpen: Scrape
let isWriting: Scrape
let withoutRedis: Scrape
let others: Scrape[]
let page: Scrape
let text: Scrape

/** Whether the offers can't be read. */
let isDown = false
/** Ends the write behind the cache. */
let finishWrite = () => {}

const call = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init)
const api = (path: string, token?: string, init: RequestInit = {}) =>
  call(`/api/v1${path}`, {
    ...init,
    headers: { ...init.headers, ...(token && { authorization: `Bearer ${token}` }) },
  })
const post = (path: string, body: object, token?: string) =>
  api(path, token, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

beforeAll(async () => {
  await callee.start()
  app = await testApp(
    {
      AUTH_REGISTRATION_ENABLED: 'true',
      CACHE_MAX_SIZE: '50000',
      CACHE_STRATEGY: 'refresh_ahead',
      CIRCUIT_BREAKER_FAILURE_THRESHOLD: '4',
      CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1',
      EXAMPLE_URL: callee.url,
      LOG_LEVEL: 'info',
      RATE_LIMIT_ENABLED: 'true',
      SLOW_QUERY_MS: '1',
      SLOW_REQUEST_MS: '50',
    },
    { logStream: { write() {} } },
  )
  app.get('/bug', async () => {
    throw new Error('a bug')
  })
  app.get('/labels', async () => {
    const { usage } = app.metrics.of(businessMetrics)
    for (let i = 0; i < 600; i += 1) {
      usage.with({ feature_name: `feature ${i}`, user_type: 'anonymous' }).inc()
    }
  })
  app.get('/stock', { config: { access: { permission: 'stock:read' } } }, async () => ({}))
  addOffers(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  await exercise()
  withoutRedis = await scrapeWithoutRedis()
  page = await scrape(url)
  text = await scrape(url, 'text/plain')
  others = [await withManyLabels(), await withBusyPool(), await inContainer(), await whileItStops()]
})

afterAll(async () => {
  await app.close()
  await callee.stop()
})

/** A route that reads through the cache, and one that writes behind it. */
function addOffers(service: FastifyInstance): void {
  const load = async (_id: string) => {
    if (isDown) throw new ServiceUnavailableError('The offers are away.', 1)
    return { text: 'x'.repeat(2_000) }
  }
  const offer = service.cache.cached(load, { keyPrefix: 'offer', ttl: 1, tags: ['offers'] })
  const config = { rateLimit: false as const }
  service.get<{ Params: { id: string } }>('/offers/:id', { config }, ({ params }) => {
    return offer(params.id)
  })
  service.put('/offers/:id', { config: { cache: { invalidates: ['offers'] } } }, async () => {
    const written = new Promise<void>((resolve) => {
      finishWrite = resolve
    })
    await service.cache.setWriteBehind('offer', {}, () => written)
    return {}
  })
}

/** What a service measures whose cache is in a Redis that is away. */
async function scrapeWithoutRedis(): Promise<Scrape> {
  isDown = false
  const service = await testApp({ CACHE_STORE: 'redis', REDIS_URL: 'redis://127.0.0.1:1' })
  addOffers(service)
  try {
    const address = await service.listen({ host: '127.0.0.1', port: 0 })
    expect((await fetch(`${address}/offers/1`)).status).toBe(200)
    return await scrape(address)
  } finally {
    await service.close()
  }
}

async function exercise(): Promise<void> {
  // Requests that fail in every way.
  await call('/nowhere')
  // The log masks what it shows of this path.
  await call('/nowhere/ada@example.com')
  await call('/u/%zz')
  await call('/bug')
  await post('/auth/login', { email: 'x'.repeat(200_000), password })
  await post('/auth/login', { nothing: true })
  const broken = new RawRequest(url)
  broken.write('This is not HTTP\r\n\r\n')
  await broken.all()

  // Accounts: those that there are, those that there aren't, and too many guesses.
  const account = { email: 'ada@example.com', password }
  await post('/auth/register', account)
  await post('/auth/register', account)
  const login = await post('/auth/login', account)
  const { accessToken: token = '', refreshToken } = (await login.json()) as Record<string, string>
  await post('/auth/refresh', { refreshToken })
  for (const each of [token, token, 'not-a-token']) await api('/auth/me', each)
  await api('/auth/users', token)
  await call('/stock', { headers: { authorization: `Bearer ${token}` } })
  await post('/api-keys', { name: 'robot' }, token)
  for (let guess = 0; guess < 12; guess += 1) {
    await post('/auth/login', { ...account, password: `another password ${guess}` })
  }

  // Another service: it answers, answers late, fails, hangs, and recovers.
  const check = (sku: string, init?: RequestInit) => api(`/price-checks?sku=${sku}`, token, init)
  callee.answer = prices('0')
  await check('free')
  callee.answer = (request, response) => void setTimeout(() => prices('1')(request, response), 100)
  await check('late', { headers: { traceparent } })
  let isFirst = true
  callee.answer = (request, response) => {
    ;(isFirst ? answer(503) : prices('1'))(request, response)
    isFirst = false
  }
  await check('retried')
  callee.answer = () => {}
  const gone = new AbortController()
  const waiting = check('hangs', { signal: gone.signal }).catch(() => {})
  await vi.waitUntil(() => callee.pending > 0, patient)
  during = await scrape(url)
  gone.abort()
  await waiting
  await check('hangs')
  callee.answer = answer(503)
  await check('down')
  await check('down')
  isOpen = await scrape(url)
  callee.answer = prices('1')
  await sleep(1_100)
  await check('back')
  await check('back')

  // The cache: values that are missing, there, refreshed, too many, written, and stale.
  await call('/offers/1')
  await call('/offers/1', { method: 'PUT' })
  isWriting = await scrape(url)
  finishWrite()
  for (let offer = 1; offer <= 30; offer += 1) await call(`/offers/${offer}`)
  await seen('cache_refreshes_total')
  isDown = true
  await seen('cache_stale_total')
}

/** Reads an offer until a metric counts it. */
async function seen(metric: string): Promise<void> {
  const isSeen = async () => {
    await call('/offers/1')
    return sumOf(await scrape(url), metric) > 0
  }
  await vi.waitUntil(isSeen, { ...patient, interval: 100 })
}

/** Apart from the rest, because these series would stay. */
async function withManyLabels(): Promise<Scrape> {
  await call('/labels')
  return scrape(url)
}

/** While there are always more statements than connections. */
async function withBusyPool(): Promise<Scrape> {
  if (!postgresUrl) return page
  const connections = sumOf(page, 'db_client_connection_max')
  let isBusy = true
  const queries = Array.from({ length: connections + 2 }, async () => {
    while (isBusy) await app.db.execute('SELECT pg_sleep(0.1)')
  })
  const busy = await scrape(url)
  isBusy = false
  await Promise.all(queries)
  return busy
}

function inContainer(): Promise<Scrape> {
  return withMemoryLimit(async (bytes) => {
    const limited = await scrape(url)
    expect(sumOf(limited, 'container_memory_limit_bytes')).toBe(bytes)
    return limited
  })
}

async function whileItStops(): Promise<Scrape> {
  const server = await ServerProcess.start({ SHUTDOWN_DELAY_MS: '60000' })
  try {
    await server.listening()
    server.signal('SIGTERM')
    await server.line('shutting down')
    return await scrape(server.url)
  } finally {
    await server.stop()
  }
}

test('each of more than 50 metrics is seen with a value', () => {
  const pages = [during, isOpen, isWriting, withoutRedis, page, ...others]
  const names = ownFamilies(page).map(([name]) => name)
  const zero = names.filter((name) => {
    const samples = pages.flatMap(({ families }) => families.get(name) ?? [])
    return !samples.some(({ value }) => value !== 0)
  })
  expect(zero).toEqual(without)
  console.info(`${names.length} metrics of its own`)
  expect(names.length).toBeGreaterThanOrEqual(50)
})

test.each([['http_server_active_requests'], ['external_service_in_flight']])(
  '%s counts what is going on, and ends at zero',
  async (name) => {
    expect(sumOf(during, name)).toBeGreaterThan(0)
    await expect.poll(async () => sumOf(await scrape(url), name), patient).toBe(0)
  },
)

test('the series of a service fit its budget', () => {
  const series = [...page.families.values()].flat().length
  console.info(`${series} series`)
  expect(series).toBeLessThan(3_000)
})

test('both formats have the same metrics, with the right type of content', async () => {
  expect(page.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(text.type).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect([...text.families.keys()]).toEqual([...page.families.keys()])
  const samplesOf = ({ families }: Scrape) =>
    [...families.values()].flat().map(({ name, labels }) => `${name}{${labels}}`)
  expect(new Set(samplesOf(text))).toEqual(new Set([...samplesOf(page), ...samplesOf(text)]))
  expect(text.body).toContain('\nerrors_total{')
  expect(text.body).not.toMatch(/ # \{|# EOF/)
})

test('the exemplar of a slow request leads to its trace', () => {
  const exemplars = [...page.families.values()]
    .flat()
    .flatMap(({ name, labels, exemplar }) =>
      exemplar === undefined ? [] : [{ name, labels, exemplar }],
    )
  const [slow] = exemplars.filter(({ labels }) => labels.includes('/price-checks'))
  expect(slow?.name).toBe('http_server_request_duration_seconds_bucket')
  expect(slow?.exemplar).toContain(`trace_id="${traceId}"`)
  for (const { exemplar } of exemplars) {
    expect(/^\{(.*)\}/.exec(exemplar)?.[1]?.length).toBeLessThanOrEqual(128)
  }
})

test('buckets of times have no whole numbers, which versions of Prometheus write differently', () => {
  const bounds = [...page.body.matchAll(/^\w+_seconds_bucket\{.*?le="([\d.]+)"/gm)]
  expect(bounds.length).toBeGreaterThan(100)
  expect(bounds.filter(([, bound]) => Number.isInteger(Number(bound)))).toEqual([])
})

/** Gauges of the library, and a name of OpenTelemetry. */
const allowed =
  /^(nodejs_active_(handles|requests|resources)_total|db_client_connection_count) non-/

test.skipIf(spawnSync('promtool', ['--version']).error)(
  'promtool finds no fault in the text',
  () => {
    const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text.body })
    const faults = `${stdout}${stderr}`.split('\n').filter(Boolean)
    expect(faults.filter((fault) => !allowed.test(fault))).toEqual([])
  },
)
