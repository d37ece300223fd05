import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, vi } from 'vitest'
import {
  again,
  type Instance,
  type OwnDatabase,
  type OwnRedis,
  type PriceService,
} from './loaded-service.ts'
import type { Monitoring } from './monitoring.ts'

/** What faults can be made of. */
export interface World {
  readonly service: Instance
  /** May be killed. It calls a service that nobody runs. */
  readonly second: Instance
  /** Headers of somebody who has logged in. */
  readonly user: Readonly<Record<string, string>>
  readonly prices: PriceService
  readonly redis: OwnRedis
  readonly database: OwnDatabase
  readonly monitoring: Monitoring
  /** Traces of requests that waited for a locked table. */
  readonly slowTraces: Set<string>
}

export interface Fault {
  /** All of them fire while it lasts. */
  readonly alerts: readonly string[]
  readonly what: string
  /** Begins it; the result ends it. */
  readonly begin: (world: World) => Promise<() => Promise<unknown>>
  /** What else must be seen while the alerts fire. */
  readonly meanwhile?: (world: World) => Promise<void>
}

const patient = { timeout: 120_000, interval: 100 }
const login = (email: string) => ({ email, password: 'not the password' })

/** They don't disturb each other. */
const requestsThatFail: readonly Fault[] = [
  {
    alerts: ['ValidationErrorSpike'],
    what: 'a client sends bodies of another version',
    begin: async ({ service }) => again(2, 200, () => service.send('/auth/login', { body: {} })),
  },
  {
    alerts: ['HighInvalidTokenRate'],
    what: 'requests come with invalid tokens',
    begin: async ({ service }) =>
      again(4, 100, () =>
        service.send('/auth/me', {
          headers: { authorization: `Bearer ${randomBytes(20).toString('hex')}` },
        }),
      ),
  },
  {
    alerts: ['HighAuthFailureRate'],
    what: 'somebody guesses passwords',
    begin: async ({ service }) =>
      again(1, 500, () =>
        service.send('/auth/login', {
          body: login(`${randomBytes(8).toString('hex')}@example.com`),
        }),
      ),
  },
  {
    alerts: ['HighRateLimitHitRate'],
    what: 'one address goes on beyond its limit',
    begin: async ({ service }) =>
      again(4, 100, () =>
        service.send('/auth/login', {
          body: login('ada@example.com'),
          headers: { 'x-forwarded-for': '192.0.2.1' },
        }),
      ),
  },
  {
    alerts: ['HighRetryExhaustionRate'],
    what: 'the service that is called fails for some requests',
    async begin({ service, prices, user }) {
      prices.statusOf = (sku) => (sku === 'broken' ? 503 : 200)
      const path = '/price-checks?sku=broken&sku=free&sku=ok&sku=ok'
      const stop = again(4, 100, () => service.send(path, { headers: user }))
      return async () => {
        prices.statusOf = () => 200
        await stop()
      }
    },
  },
  {
    alerts: ['HighSlowQueryRate', 'HighSlowRequestRate'],
    what: 'a table is locked most of the time',
    async begin({ service, database, user, slowTraces }) {
      const unlock = database.lock('auth_users', 3)
      const stop = again(10, 10, async () => {
        const trace = randomBytes(16).toString('hex')
        const started = performance.now()
        const headers = { ...user, traceparent: `00-${trace}-00f067aa0ba902b7-01` }
        await service.send('/auth/me', { headers })
        if (performance.now() - started > 2_000) slowTraces.add(trace)
      })
      return async () => {
        await unlock()
        await stop()
      }
    },
  },
  {
    alerts: ['FileDescriptorsNearLimit'],
    what: 'too many connections are open',
    async begin({ second, monitoring }) {
      const own = `instance="${second.target}"`
      const [{ value }] = await monitoring
        .ask<{ result: [{ value: [number, string] }] }>('query', {
          query: `ceil(0.87 * process_max_fds{${own}} - process_open_fds{${own}})`,
        })
        .then(({ result }) => result)
      const { hostname, port } = new URL(second.url)
      const sockets = Array.from({ length: Number(value[1]) }, () =>
        connect(Number(port), hostname),
      )
      await Promise.all(sockets.map((socket) => once(socket, 'connect')))
      return async () => {
        for (const socket of sockets) socket.destroy()
      }
    },
  },
  {
    alerts: ['TelemetryLabelsDropped'],
    what: 'a metric gets too many labels, once',
    async begin({ service }) {
      await service.send('/too-many-labels', { method: 'POST' })
      return async () => {}
    },
  },
]

const whatIsNeededFails: readonly Fault[] = [
  {
    alerts: ['OptionalDependencyDown', 'CacheErrors'],
    what: 'Redis is killed under cached reads',
    async begin({ redis, service }) {
      const stop = again(4, 50, () => service.send('/offer'))
      await redis.kill()
      return async () => {
        await redis.start()
        await stop()
      }
    },
  },
  {
    alerts: ['CircuitBreakerOpen', 'ExternalServiceDown'],
    what: 'the service that is called fails always',
    async begin({ service, prices, user }) {
      prices.statusOf = () => 503
      const stop = again(2, 100, () => service.send('/price-checks?sku=ok', { headers: user }))
      return async () => {
        prices.statusOf = () => 200
        await stop()
      }
    },
  },
  {
    alerts: ['ServiceDown'],
    what: 'an instance whose circuit flaps is killed',
    async begin(world) {
      const { second, user } = world
      const stop = again(2, 100, () => second.send('/price-checks?sku=any', { headers: user }))
      await seen(world, 'CircuitBreakerFlapping', 'active')
      await second.kill()
      await stop()
      return () => second.start()
    },
    async meanwhile(world) {
      await seen(world, 'CircuitBreakerFlapping', 'suppressed')
      await seen(world, 'ServiceDown', 'active')
    },
  },
]

const databaseRefuses: readonly Fault[] = [
  {
    alerts: ['UnhealthyDependencies', 'High5xxErrorRate'],
    what: 'the database refuses connections',
    async begin({ service, database, user }) {
      const allow = await database.refuse()
      const stop = again(2, 200, () => service.send('/auth/me', { headers: user }))
      return async () => {
        await allow()
        await stop()
      }
    },
  },
]

/** By what can happen at the same time. Together they cover each group of alerts. */
export const faults = {
  'requests that fail': requestsThatFail,
  'the failure of what is needed': whatIsNeededFails,
  'the failure of the database': databaseRefuses,
}

/** Waits until Alertmanager has an alert of the second instance in a state. */
async function seen({ monitoring, second }: World, alertname: string, state: string) {
  await vi.waitFor(async () => {
    const all = await monitoring.alerts()
    const its = all.filter(
      ({ labels }) => labels.alertname === alertname && labels.instance === second.target,
    )
    expect(its.map(({ status }) => status.state)).toContain(state)
  }, patient)
}
