import { createServer } from 'node:http'
import { runWorkers } from '../../../dist-test/cluster.js'
import { handleStopSignals } from '../../../dist-test/http/shutdown.js'
import {
  counter,
  defineMetrics,
  gauge,
  histogram,
} from '../../../dist-test/observability/metric-definitions.js'
import { Metrics } from '../../../dist-test/observability/metrics.js'

// The least that `src/cluster.ts` can run, as `build.ts` compiled it: two processes that answer with
// their ids. Plain JavaScript, because anything else would load a compiler in each of them.
const config = {
  app: { environment: 'production' },
  logging: { level: 'info', piiFields: [], piiPatterns: '' },
  metrics: { port: 0 },
  server: { host: '127.0.0.1', workers: 2, shutdownDelayMs: 0, shutdownTimeoutMs: 10_000 },
}
const sample = defineMetrics('Sample', {
  answers: counter('answers_total', 'Answers.'),
  workers: gauge('workers', 'Workers.'),
  time: histogram('answer_seconds', 'Time to answer.'),
})
const onStop = handleStopSignals(process)

await runWorkers(config, onStop, async (_config, onClose) => {
  const metrics = new Metrics()
  const { answers, workers, time } = metrics.of(sample)
  workers.with({}).set(1)
  const server = createServer((_request, response) => {
    answers.with({}).inc()
    time.with({}).observe(0.01, () => 'trace_id="1"')
    response.setHeader('connection', 'close').end(String(process.pid))
  })
  onStop(() => server.close(onClose))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  console.log(JSON.stringify({ msg: 'listens', pid: process.pid, port }))
  return { metrics }
})
