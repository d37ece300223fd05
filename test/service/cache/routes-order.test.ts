import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Env } from '../../../src/config/index.ts'
import type { Identity } from '../../../src/http/route-policy.ts'
import { testApp } from '../../support/app.ts'
import { randomFrom } from '../../support/random.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { seed } from '../support/seed.ts'

/* Readers and writers at random, against a slow source that several processes share. */

reportMissingRedis()
console.info(`TEST_SEED=${seed}`)

const apps: FastifyInstance[] = []
let redis: TestRedis | undefined

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
  await redis?.drop()
  redis = undefined
})

/** What the routes read and write. */
type Source = Map<string, number>

const upTo = (most: number, random: () => number) => Math.floor(random() * (most + 1))
const pause = (random: () => number) => sleep(upTo(3, random))

/** A process of the service with routes that read and write the source slowly. */
async function process(source: Source, random: () => number, env: Env): Promise<FastifyInstance> {
  const app = await testApp(env)
  apps.push(app)
  app.addHook('onRequest', async (request) => {
    const { 'x-who': who } = request.headers
    if (who) request.identity = { userId: who } as Identity
  })
  const read = { cache: { ttl: 60, tags: ['rows'] } }
  app.get<{ Params: { id: string } }>('/rows/:id', { config: read }, async (request) => {
    await pause(random)
    const version = source.get(request.params.id) ?? 0
    await pause(random)
    return { version, for: request.identity?.userId ?? null }
  })
  app.get('/rows', { config: read }, async (request) => {
    await pause(random)
    const versions = Object.fromEntries(source)
    await pause(random)
    return { versions, for: request.identity?.userId ?? null }
  })
  const write = { cache: { invalidates: ['rows'] } }
  app.post<{ Params: { id: string } }>(
    '/rows/:id',
    { config: write },
    async ({ params }, reply) => {
      await pause(random)
      const version = (source.get(params.id) ?? 0) + 1
      source.set(params.id, version)
      await pause(random)
      if (version % 5 === 0) throw new Error('after the commit')
      return version % 3 === 0 ? reply.send({ version }) : { version }
    },
  )
  return app
}

/** Sends 1,000 requests from many clients at once; gives what they saw too late or of others. */
async function run(processes: readonly FastifyInstance[], source: Source, random: () => number) {
  const faults: string[] = []
  const acknowledged = new Map<string, number>()
  const writing = new Set<string>()
  let [left, hits] = [1_000, 0]
  const pick = <T>(list: readonly T[]) => list[upTo(list.length - 1, random)] as T

  async function step(): Promise<void> {
    const app = pick(processes)
    const id = pick(['a', 'b', 'c'])
    if (upTo(9, random) === 0 && !writing.has(id)) {
      writing.add(id)
      await app.inject({ method: 'POST', url: `/rows/${id}` })
      // Only this client writes the row now.
      acknowledged.set(id, source.get(id) ?? 0)
      writing.delete(id)
      return
    }
    const who = pick([undefined, 'ada', 'bob'])
    const headers = who === undefined ? {} : { 'x-who': who }
    const known = new Map(acknowledged)
    const url = pick([`/rows/${id}`, '/rows'])
    const response = await app.inject({ url, headers })
    if (Number(response.headers.age) >= 0) hits += 1
    const { version, versions = { [id]: version }, for: whose } = response.json()
    if (whose !== (who ?? null)) faults.push(`${who} got what is for ${whose}`)
    for (const [row, wanted] of known) {
      const seen = versions[row] ?? 0
      if (row in versions && seen < wanted) faults.push(`${url}: ${row} is ${seen}, not ${wanted}`)
      if (url === '/rows' && !(row in versions)) faults.push(`${url}: ${row} is missing`)
    }
  }

  async function client(): Promise<void> {
    while (left > 0) {
      left -= 1
      await step()
      if (upTo(3, random) === 0) await pause(random)
    }
  }
  await Promise.all(Array.from({ length: 12 }, client))
  expect(hits).toBeGreaterThan(50)
  return faults
}

const memory = { name: 'one process with the store memory', store: 'memory', count: 1 }
const shared = [
  { name: 'two processes with the store redis', store: 'redis', count: 2 },
  { name: 'one process with the store tiered', store: 'tiered', count: 1 },
]

test.each([memory, ...(redisUrl ? shared : [])])(
  '$name: no reader gets anything older than the last acknowledged write, or for another caller',
  async ({ store, count }) => {
    redis = redisUrl ? new TestRedis() : undefined
    const random = randomFrom(seed)
    const source: Source = new Map()
    const env = { ...(store !== 'memory' && redis?.env), CACHE_STORE: store }
    const processes: FastifyInstance[] = []
    for (let i = 0; i < count; i += 1) processes.push(await process(source, random, env))
    expect(await run(processes, source, random)).toEqual([])
  },
)
