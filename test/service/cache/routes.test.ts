import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Env } from '../../../src/config/index.ts'
import { testApp } from '../../support/app.ts'
import { testClient, testCredentials } from '../../support/client.ts'
import { specimenBody } from '../../support/factories/specimen.factory.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'

/* The resources of the service are cached: their writes show at once, and errors carry nothing. */

reportMissingRedis()

const stores = redisUrl ? (['memory', 'redis', 'tiered'] as const) : (['memory'] as const)
let redis: TestRedis | undefined
let app: FastifyInstance

beforeEach(() => {
  redis = redisUrl ? new TestRedis() : undefined
})
afterEach(async () => {
  await app.close()
  await redis?.drop()
})

async function start(store: string, env: Env = {}): Promise<void> {
  app = await testApp({ ...(store !== 'memory' && redis?.env), CACHE_STORE: store, ...env })
}

let titles = 0
const notice = () => {
  titles += 1
  return { title: `notice ${process.pid} ${titles}` }
}

const resources: { path: string; body: () => object }[] = [
  { path: '/specimens', body: () => specimenBody() },
  { path: '/notices', body: notice },
]

describe.each(stores)('with the store %s', (store) => {
  test.each(resources)('each write of $path shows in the next reads', async ({ path, body }) => {
    await start(store)
    const client = await testClient(app)
    const list = async () => {
      const { data } = (await client.get(`${path}?limit=100`)).json()
      return data as { id: string }[]
    }
    await list()
    const created = (await client.post(path, body())).json()
    expect(await list()).toContainEqual(created)
    const one = `${path}/${created.id}`
    expect((await client.get(one)).json()).toEqual(created)

    const { title } = body() as { title: string }
    const patched = (await client.patch(one, { title })).json()
    expect(patched).toMatchObject({ title })
    expect((await client.get(one)).json()).toEqual(patched)
    expect(await list()).toContainEqual(patched)

    const put = (await client.put(one, body())).json()
    expect(put.title).not.toBe(title)
    expect((await client.get(one)).json()).toEqual(put)
    expect(await list()).toContainEqual(put)

    expect((await client.delete(one)).statusCode).toBe(204)
    expect((await client.get(one)).statusCode).toBe(404)
    expect((await list()).map(({ id }) => id)).not.toContain(created.id)
  })

  test('a write that fails after its commit shows in the next read', async () => {
    await start(store)
    const { notices } = await import('../../../src/resources/notices/notice.model.ts')
    app.post('/broken', { config: { cache: { invalidates: ['notices'] } } }, async () => {
      await app.db.insert(notices).values({ id: crypto.randomUUID(), ...notice() })
      throw new Error('after the commit')
    })
    const url = `${app.config.server.apiPrefix}/notices?limit=100`
    const count = async () => (await app.inject(url)).json().data.length
    const before = await count()
    expect((await app.inject({ method: 'POST', url: '/broken' })).statusCode).toBe(500)
    expect(await count()).toBe(before + 1)
  })

  test('a list is cached with its links, and a client that has it gets a 304', async () => {
    await start(store)
    const url = `${app.config.server.apiPrefix}/notices?limit=1`
    const create = (payload: object) =>
      app.inject({ method: 'POST', url: url.replace(/\?.*/, ''), payload })
    await create(notice())
    await create(notice())
    const first = await app.inject(url)
    const second = await app.inject(url)
    expect(first.headers.link).toContain('rel="next"')
    expect(second.body).toBe(first.body)
    for (const name of ['link', 'etag', 'content-type', 'vary', 'cache-control']) {
      expect(second.headers[name], name).toBe(first.headers[name])
    }
    const headers = { 'if-none-match': String(first.headers.etag) }
    expect(await app.inject({ url, headers })).toMatchObject({ statusCode: 304, body: '' })
    await create(notice())
    expect((await app.inject({ url, headers })).statusCode).toBe(200)
  })

  test('a response that is cached for one caller is refused to others', async () => {
    await start(store)
    const url = `${app.config.server.apiPrefix}/specimens`
    const headers = await testCredentials(app)
    const admin = await app.inject({ url, headers })
    expect(admin.headers).toMatchObject({
      'cache-control': 'private, no-cache',
      etag: expect.stringMatching(/./),
    })
    expect((await app.inject(url)).statusCode).toBe(401)
    const powerless = await testCredentials(app, [])
    expect((await app.inject({ url, headers: powerless })).statusCode).toBe(403)
  })

  test('errors carry no caching headers but no-store', async () => {
    await start(store)
    const prefix = app.config.server.apiPrefix
    const config = { cache: { ttl: 60, tags: ['bugs'] } }
    app.get('/bug', { config }, async () => {
      throw new Error('a bug')
    })
    const missing = `${prefix}/notices/00000000-0000-7000-8000-000000000000`
    for (const [url, status] of [
      [missing, 404],
      [missing, 404],
      [`${prefix}/notices?limit=-1`, 422],
      [`${prefix}/notices/none`, 422],
      [`${prefix}/specimens`, 401],
      ['/bug', 500],
      ['/bug', 500],
    ] as const) {
      const response = await app.inject({ url, headers: { 'if-none-match': '*' } })
      expect(response.statusCode, url).toBe(status)
      const { 'cache-control': caching, etag, age, vary, expires } = response.headers
      expect({ caching, etag, age, vary, expires }, url).toEqual({ caching: 'no-store' })
    }
  })
})
