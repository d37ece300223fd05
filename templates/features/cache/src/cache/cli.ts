import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { type CliContext, upTo } from '../cli/command.ts'
import type { Config } from '../config/index.ts'
import { errorMessage } from '../observability/error-serializer.ts'
import { createMasker } from '../observability/masking.ts'
import { connect, createRedis, redisAddress } from '../redis/connection.ts'
import { keyPrefixOf, storeKindOf } from './open-store.ts'
import { RedisStore } from './redis-store.ts'
import { copyOf } from './store.ts'

type Options = { json?: true; pattern: string; limit: number; force?: true }

/** The store in Redis, and where that is. */
type Cache = { store: RedisStore; address: string }

/** Returns what to print: the lines of a list, or fields by name. */
type Work = (call: Options & Cache & { key: string }) => Promise<object>

/** Commands wait longer (ms) for Redis than requests do. */
const deadlineMs = 1_000
const maxKeys = 10_000
const pattern = ['--pattern <pattern>', 'which keys; * stands for any characters', '*'] as const

/** `cache info`, `test`, `keys`, `get` and `flush`. */
export function cacheCommands(program: Command, context: CliContext): void {
  const group = program.command('cache').description('look into the cache in Redis, and empty it')

  function command(usage: string, description: string, work: Work): Command {
    const added = group.command(usage).description(description).option('--json', 'print JSON')
    return added.action(async () => {
      const options = added.opts<Options>()
      const call = { ...options, key: added.args[0] ?? '' }
      const found = await withCache(context.config(), (cache) => work({ ...call, ...cache }))
      const text = options.json ? JSON.stringify(found, null, 2) : linesOf(found)
      context.io.stdout.write(`${text}\n`)
    })
  }

  const counted = `show the settings, and count up to ${maxKeys} values`
  command('info', counted, async ({ store, address: redis }) => {
    const { strategy, ttl, grace, version } = context.config().cache
    const { length: values } = await store.keys('*', maxKeys)
    return { store: storeKindOf(context.config()), redis, strategy, ttl, grace, version, values }
  })
  command('test', 'write, read and remove a value, and time that (ms)', async ({ store }) => {
    const key = `test:${randomUUID()}`
    const start = performance.now()
    await store.setMany(new Map([[key, copyOf(key, key)]]), { ttlMs: 10_000, graceMs: 0, tags: [] })
    const [entry] = await store.getMany([key])
    await store.delete([key])
    if (entry?.value !== key) throw new Error('Redis lost the value that was written.')
    return { ms: Number((performance.now() - start).toFixed(2)) }
  })
  command('keys', 'list keys', ({ store, pattern, limit }) => store.keys(pattern, limit))
    .option(...pattern)
    .option('--limit <n>', 'how many at most', upTo(maxKeys), 100)
  command('get <key>', 'show a value, masked as in the log', async ({ store, key }) => {
    const [entry] = await store.getMany([key])
    if (entry === undefined) throw new Error(`${key} isn't cached, or has expired.`)
    const { ageMs, ttlMs, value } = entry
    return { key, ageMs, ttlMs, value: createMasker(context.config().logging).mask(value) }
  })
  command('flush', 'remove values', async ({ store, address, pattern, force }) => {
    if (force) return { removed: await store.invalidatePattern(pattern) }
    const what = `the values whose keys match ${pattern} from ${address}`
    throw new Error(`This removes ${what}. Add --force to do it.`)
  })
    .option(...pattern)
    .option('--force', 'really remove them')
}

function linesOf(found: object): string {
  const lines = Array.isArray(found) ? found : Object.entries(found).map(lineOf)
  // Callers choose parts of keys, and a terminal obeys control characters.
  return lines.map((line) => line.replaceAll(/\p{Cc}/gu, '?')).join('\n') || 'There are none.'
}

const lineOf = ([name, value]: [string, unknown]) =>
  `${name.padEnd(8)}  ${typeof value === 'string' ? value : JSON.stringify(value)}`

async function withCache<T>(config: Config, work: (cache: Cache) => Promise<T>): Promise<T> {
  const { url } = config.redis
  const kind = storeKindOf(config)
  if (url === undefined || !['redis', 'tiered'].includes(kind)) {
    throw new Error(
      `The store is ${kind}, and commands only see values in Redis: set REDIS_URL, and CACHE_STORE ` +
        'to redis or tiered.\n`monitor status` shows how often the cache hits.',
    )
  }
  const client = createRedis(url, keyPrefixOf(config))
  const address = redisAddress(client)
  const store = new RedisStore(client, { info() {}, warn() {} })
  store.deadlineMs = deadlineMs
  try {
    await connect(client).catch((error) => {
      throw new Error(`Redis ${address} can't be used: ${errorMessage(error)}`)
    })
    await store.connect()
    return await work({ store, address })
  } finally {
    await store.close()
  }
}
