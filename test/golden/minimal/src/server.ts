import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Config, loadConfig, withEnvFile } from './config/index.ts'
import { gracefulStop, handleStopSignals } from './http/shutdown.ts'
import { logStream } from './observability/logger.ts'
import { explainStartup } from './startup-error.ts'

// First of all: a start may take long, for example while another process migrates.
const onStop = handleStopSignals(process)
try {
  const config = loadConfig(withEnvFile(process.env, process.cwd()))
  if (config.server.workers === 1) await serve(config)
  else {
    const { runWorkers } = await import('./cluster.ts')
    await runWorkers(config, onStop, serve)
  }
} catch (error) {
  process.stderr.write(`${explainStartup(error)}\n`)
  process.exitCode = 1
}

/** Listens in this process; calls `onClose` once the last request has been answered. */
async function serve(config: Config, onClose?: () => void): Promise<FastifyInstance> {
  const app = await buildApp(config, { logStream: logStream(config, process.stdout) })
  if (onClose) app.addHook('onClose', async () => onClose())
  onStop(gracefulStop(app, process))
  try {
    await app.listen({ host: config.server.host, port: config.server.port })
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}
