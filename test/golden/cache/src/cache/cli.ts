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
/** What a command prints: data with `--json`, and otherwise a text, if there is one. */
type Found = [data: object, text?: string]
type Work = (cache: Cache, options: Options, key: string) => Promise<Found>

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
      const [options, [key = '']] = [added.opts<Options>(), added.args]
      const [data, text] = await withCache(context.config(), (cache) => work(cache, options, key))
      const json = () => JSON.stringify(data, null, 2)
      context.io.stdout.write(`${options.json ? json() : (text ?? json())}\n`)
    })
  }

  command('info', 'show the settings, and count the values', async ({ store, address }) => {
    const { strategy, ttl, grace, version } = context.config().cache
    const kind = storeKindOf(context.config())
    const { length: values } = await store.keys('*', maxKeys)
    const data = { store: kind, redis: address, strategy, ttl, grace, version, values }
    return [data, lines(data) + (values === maxKeys ? ' or more' : '')]
  })
  command('test', 'write, read and remove a value, and show the times (ms)', async ({ store }) => {
    const times = await trial(store)
    return [times, lines(times)]
  })
  command('keys', 'list keys', async ({ store }, options) => {
    const keys = await store.keys(options.pattern, options.limit)
    // Callers choose parts of keys, and a terminal obeys control characters.
    const shown = keys.map((key) => key.replaceAll(/\p{Cc}/gu, '?'))
    return [keys, shown.join('\n') || 'There are none.']
  })
    .option(...pattern)
    .option('--limit <n>', 'how many at most', upTo(maxKeys), 100)
  command('get <key>', 'show a value, masked as in the log', async ({ store }, _, key) => {
    const [entry] = await store.getMany([key])
    if (entry === undefined) throw new Error(`${key} isn't cached, or has expired.`)
    const { value, ageMs, ttlMs } = entry
    const masked = createMasker(context.config().logging).mask(value)
    return [{ key, ageMs, ttlMs, value: masked }]
  })
  command('flush', 'remove values', async ({ store, address }, options) => {
    if (!options.force) {
      const what = `the values whose keys match ${options.pattern} from ${address}`
      throw new Error(`This removes ${what}. Add --force to do it.`)
    }
    const removed = await store.invalidatePattern(options.pattern)
    return [{ removed }, `Removed ${removed} values.`]
  })
    .option(...pattern)
    .option('--force', 'really remove them')
}

/** How long (ms) it takes to write, read and remove a value. */
async function trial(store: RedisStore): Promise<Record<string, number>> {
  const key = `test:${randomUUID()}`
  const times: Record<string, number> = {}
  async function timed<T>(name: string, step: Promise<T>): Promise<T> {
    const start = performance.now()
    const result = await step
    times[name] = Number((performance.now() - start).toFixed(2))
    return result
  }
  const lifetime = { ttlMs: 10_000, graceMs: 0, tags: [] }
  await timed('write', store.setMany(new Map([[key, copyOf(key, key)]]), lifetime))
  const [entry] = await timed('read', store.getMany([key]))
  await timed('remove', store.delete([key]))
  if (entry?.value !== key) throw new Error('Redis lost the value that was written.')
  return times
}

function lines(data: object): string {
  return Object.entries(data)
    .map(([name, value]) => `${name.padEnd(8)}  ${value}`)
    .join('\n')
}

async function withCache<T>(config: Config, work: (cache: Cache) => Promise<T>): Promise<T> {
  const { url } = config.redis
  const kind = storeKindOf(config)
  if (kind === 'none') {
    throw new Error('Nothing is cached: CACHE_STORE is none, or workers share no Redis.')
  }
  if (kind === 'memory' || url === undefined) {
    throw new Error(
      'The cache is in the memory of each process, which no command can see: it is in Redis with ' +
        'REDIS_URL and the CACHE_STORE redis or tiered.\n`monitor status` shows how often it hits; ' +
        'a restart of the service empties it.',
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
