// What a read through the cache of a produced service costs beside libraries: a hit in memory, readers who
// come at once for a key that is missing, and many keys at once. Exits 1 over a limit. All are timed in turn
// in one process, and each counts with its fastest round.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { createCache as createDedupe } from 'async-cache-dedupe'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { createCache as createManager } from 'cache-manager'
import { Cacheable } from 'cacheable'
import { Loader } from 'layered-loader'
import { rolldown } from 'rolldown'

const templates = join(import.meta.dirname, '../templates')
const ttl = 600
const readers = 1_000
const warmUpMs = 500
const keys = Array.from({ length: 100 }, (_, at) => `product:${at}`)
/** What invalidates them all, in those caches that have such a thing. */
const tags = ['products']
const never = () => Promise.reject(new Error('This key is cached.'))

/** What a route of a service would cache. */
const productOf = (id) => ({
  id,
  sku: 'SKU-10492',
  title: 'A walnut desk with two drawers',
  price: '1299.90',
  tags: ['desk', 'walnut', 'office', 'furniture'],
  dimensions: { width: 160.5, depth: 80, height: 74.2 },
  updatedAt: '2026-01-05T10:11:12.345Z',
})

/** A source that answers in another turn of the event loop, as all do. */
const fetchOf = (key) => new Promise((resolve) => setImmediate(() => resolve(productOf(key))))

async function load() {
  const folder = mkdtempSync(join(import.meta.dirname, 'node_modules/.cache-'))
  try {
    const entry = (file) => join(templates, file)
    const bundle = await rolldown({
      input: 'ours',
      platform: 'node',
      external: /^[^./]/,
      plugins: [
        {
          name: 'service',
          resolveId: (id) =>
            id === 'ours'
              ? id
              : /^\.\.\/observability\//.test(id)
                ? entry(`service/src/${id.slice(3)}`)
                : undefined,
          load: (id) =>
            id === 'ours'
              ? ['manager', 'memory-store', 'metrics']
                  .map((name) => `export * from '${entry(`features/cache/src/cache/${name}.ts`)}'`)
                  .concat(`export * from '${entry('service/src/observability/metrics.ts')}'`)
                  .join('\n')
              : undefined,
        },
      ],
    })
    const file = join(folder, 'ours.mjs')
    await bundle.write({ file, format: 'esm' })
    return await import(pathToFileURL(file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { CacheManager, CacheMeter, MemoryStore, Metrics } = await load()

function ours() {
  const cache = new CacheManager(new MemoryStore(64e6), {
    ttl,
    grace: ttl,
    strategy: 'cache_aside',
    meter: new CacheMeter(new Metrics(), 'bench'),
    log: console,
  })
  const options = { tags }
  return {
    read: (key, fetch) => cache.getOrFetch(key, fetch, options),
    many: () => cache.getMany(keys),
  }
}

function bentocache() {
  const driver = memoryDriver({ maxSize: 64e6 })
  const cache = new BentoCache({
    default: 'memory',
    ttl: `${ttl}s`,
    grace: `${ttl}s`,
    stores: { memory: bentostore().useL1Layer(driver) },
  })
  return {
    read: (key, factory) => cache.getOrSet({ key, factory, tags }),
    many: () => Promise.all(keys.map((key) => cache.get({ key }))),
  }
}

function cacheable() {
  const cache = new Cacheable({ ttl: ttl * 1_000 })
  return { read: (key, fetch) => cache.getOrSet(key, fetch), many: () => cache.getMany(keys) }
}

function cacheManager() {
  const cache = createManager({ ttl: ttl * 1_000 })
  return { read: (key, fetch) => cache.wrap(key, fetch), many: () => cache.mget(keys) }
}

function asyncCacheDedupe() {
  const options = { size: 100_000, invalidation: true }
  const cache = createDedupe({ ttl, storage: { type: 'memory', options } })
  cache.define('product', { references: () => tags }, fetchOf)
  return {
    read: (key) => cache.product(key),
    many: () => Promise.all(keys.map((key) => cache.product(key))),
  }
}

function layeredLoader() {
  const loader = new Loader({
    inMemoryCache: { cacheType: 'lru-object', maxItems: 100_000, ttlInMsecs: ttl * 1_000 },
    dataSourceGetOneFn: fetchOf,
    dataSourceGetManyFn: (ids) => Promise.all(ids.map(fetchOf)),
    cacheKeyFromValueResolver: ({ id }) => id,
  })
  return { read: (key) => loader.get(key), many: () => loader.getMany(keys) }
}

const caches = {
  ours,
  bentocache,
  cacheable,
  'cache-manager': cacheManager,
  'async-cache-dedupe': asyncCacheDedupe,
  'layered-loader': layeredLoader,
}

async function hits({ read }) {
  for (let call = 0; call < 2_000; call += 1) await read(keys[call % keys.length], never)
  return 2_000
}

let cold = 0
async function misses({ read }) {
  for (let call = 0; call < 10; call += 1) {
    cold += 1
    const key = `cold:${cold}`
    const fetch = () => fetchOf(key)
    const values = await Promise.all(Array.from({ length: readers }, () => read(key, fetch)))
    if (values.at(-1).id !== key) throw new Error('That is another value.')
  }
  return 10
}

async function batches({ many }) {
  for (let call = 0; call < 20; call += 1) await many()
  return 20
}

/** Microseconds of one unit of work, in the fastest of many rounds, for each cache. */
async function measure(work, rounds) {
  const instances = Object.entries(caches).map(([name, make]) => [name, make()])
  const best = {}
  for (const [, cache] of instances) {
    for (const key of keys) await cache.read(key, () => fetchOf(key))
    const start = performance.now()
    while (performance.now() - start < warmUpMs) await work(cache)
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, cache] of instances) {
      const start = performance.now()
      const units = await work(cache)
      const each = ((performance.now() - start) / units) * 1_000
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, each)
    }
  }
  return best
}

/** Prints how much longer ours takes than each other; `limits` say how much it may. */
function compare(title, times, limitOf) {
  let ok = true
  const { ours: own, ...others } = times
  console.log(`${title}   ours ${own.toFixed(2)} µs`)
  for (const [name, time] of Object.entries(others)) {
    const ratio = own / time
    const limit = limitOf(name)
    const words = ratio <= limit ? 'within' : 'OVER'
    const figures = `${time.toFixed(2).padStart(10)} µs   ratio ${ratio.toFixed(2)}`
    console.log(`  ours : ${name.padEnd(20)} ${figures}  ${words} ${limit}`)
    ok &&= ratio <= limit
  }
  return ok
}

const hitLimits = { 'async-cache-dedupe': 2, 'layered-loader': 2 }
// These give all readers the object that the source made, for any of them to change. Ours makes a copy.
const results = [
  compare('a hit in memory', await measure(hits, 150), (name) => hitLimits[name] ?? 1),
  compare(`${readers} readers of a missing key`, await measure(misses, 40), () => 1),
  compare(`${keys.length} keys at once`, await measure(batches, 150), () => 1),
]
process.exitCode = results.every(Boolean) ? 0 : 1
