// Logs numbered lines as a server does, in one turn of the event loop after another, and ends in the
// way that its argument names. It tells stderr how many lines it has logged.
import { writeSync } from 'node:fs'
import Fastify from 'fastify'
import { loadConfig } from '../../../dist-test/config/index.js'
import { draining, gracefulStop, handleStopSignals } from '../../../dist-test/http/shutdown.js'
import { loggerOptions, logStream } from '../../../dist-test/observability/logger.js'
import { createMasker } from '../../../dist-test/observability/masking.js'
import { Metrics } from '../../../dist-test/observability/metrics.js'

const [way, lines, length] = process.argv.slice(2)
const onStop = handleStopSignals(process)
const config = loadConfig(process.env)
const stream = logStream(config, process.stdout)
const app = Fastify({ logger: loggerOptions(config, createMasker(config.logging), stream) })
app.decorate('config', config)
app.decorate('metrics', new Metrics())
await app.register(draining)
await app.ready()
onStop(gracefulStop(app, process))

let logged = 0
process.on('exit', () => writeSync(2, `${logged}`))

const ends = {
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  exit: () => process.exit(3),
  error: () => {
    throw new Error('a bug')
  },
  rejection: () => void Promise.reject(new Error('a bug')),
}

const timer = setInterval(() => {
  for (let count = 0; count < 10 && logged < lines; count += 1) {
    logged += 1
    app.log.info({ number: logged }, 'x'.repeat(length))
  }
  if (logged < lines) return
  clearInterval(timer)
  ends[way]()
}, 0)
