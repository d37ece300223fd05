import { createServer } from 'node:http'
import { runWorkers } from '../../dist-test/cluster.js'
import { onStopSignal } from '../../dist-test/http/shutdown.js'

// The least that `src/cluster.ts` can run, as `build.ts` built it: two processes that answer with
// their ids. Plain JavaScript, since each of them would have to load a compiler for anything else.
const config = {
  app: { environment: 'test' },
  logging: { level: 'info' },
  server: { workers: 2, shutdownDelayMs: 0, shutdownTimeoutMs: 10_000 },
}

await runWorkers(config, async (_config, onClose) => {
  const server = createServer((_request, response) => {
    response.setHeader('connection', 'close').end(String(process.pid))
  })
  onStopSignal(process, () => server.close(onClose))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  console.log(JSON.stringify({ msg: 'listens', pid: process.pid, port }))
})
