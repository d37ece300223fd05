import { appendFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CacheMeter } from '../../../dist-test/cache/metrics.js'
import { WriteStream } from '../../../dist-test/cache/write-stream.js'
import { Metrics } from '../../../dist-test/observability/metrics.js'
import { createRedis } from '../../../dist-test/redis/connection.js'

// A process that makes durable writes until it is stopped. It adds writes with values of its own, if
// it has an ID, and says so on stdout once they are accepted. What it writes is added to the file
// APPLIED as lines "idempotency key, key, value". Plain JavaScript, because anything else would load
// a compiler.
const { REDIS_URL, REDIS_KEY_PREFIX, APPLIED, ID, SLOW_MS = '20', FAILURES = '0' } = process.env
const keys = 5
const say = (...words) => writeSync(1, `${words.join(' ')}\n`)

const redis = createRedis(REDIS_URL, REDIS_KEY_PREFIX)
redis.options.commandTimeout = 10_000
await redis.connect()
const log = { error: (fields, msg) => say('log', msg, fields.err) }
const queue = new WriteStream(redis, { meter: new CacheMeter(new Metrics(), 'test'), log })

queue.addWriter('file', async (writes) => {
  for (const { idempotencyKey, key, value } of writes) {
    await sleep((Math.random() * Number(SLOW_MS)) / writes.length)
    if (Math.random() < Number(FAILURES)) throw new Error('busy')
    appendFileSync(APPLIED, `${idempotencyKey} ${key} ${value}\n`)
  }
})

let isStopping = false
process.once('SIGTERM', async () => {
  isStopping = true
  await producing
  await queue.close()
  say('closed')
})

/** Adds writes of one key, one after the other. */
async function produce(key) {
  for (let count = 0; !isStopping; count += 1) {
    const value = `${ID}-${key}-${count}`
    // A process that hung has lost its connection; what failed may have been accepted all the same.
    const adding = queue.add({ key, value, writer: 'file' })
    const isAccepted = await adding.then(
      () => true,
      () => false,
    )
    if (isAccepted) say('accepted', key, value)
    await sleep(isAccepted ? Math.random() * 5 : 100)
  }
}

say('ready')
const producers = Array.from({ length: ID ? keys : 0 }, (_, at) => produce(`key-${at}`))
const producing = Promise.all(producers)
