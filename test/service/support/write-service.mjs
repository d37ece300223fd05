import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildApp } from '../../../dist-test/app.js'
import { loadConfig } from '../../../dist-test/config/index.js'
import { gracefulStop, handleStopSignals } from '../../../dist-test/http/shutdown.js'

// The service as `src/server.ts` starts it, with one more route: it writes behind the cache, to the
// file APPLIED, slowly, and not any more when it has closed, as if that were a database.
const onStop = handleStopSignals(process)
const app = await buildApp(loadConfig(process.env), { logStream: process.stdout })

let isClosed = false
const close = app.close.bind(app)
app.close = async () => {
  await close()
  isClosed = true
}

app.cache.addWriter('file', async (writes) => {
  await sleep(Number(process.env.SLOW_MS))
  if (isClosed) throw new Error('The service has closed.')
  const lines = writes.map(
    ({ idempotencyKey, key, value }) => `${idempotencyKey} ${key} ${value}\n`,
  )
  appendFileSync(process.env.APPLIED, lines.join(''))
})

app.put('/written/:key/:value', async ({ params: { key, value } }) => {
  await app.cache.setWriteBehind(key, value, 'file')
  return { value: await app.cache.getOrFetch(key, () => 'not cached') }
})

onStop(gracefulStop(app, process))
await app.listen({ host: '127.0.0.1', port: 0 })
