import { buildApp } from './app.ts'
import { withEnvFile } from './config/env-file.ts'
import { type Config, loadConfig } from './config/index.ts'
import { leaveGracefully } from './http/shutdown.ts'
import { logStream } from './observability/logger.ts'
import { explainStartup } from './startup-error.ts'
import { warmUp } from './warm-up.ts'

warmUp()
try {
  await start(loadConfig(withEnvFile(process.env, process.cwd())))
} catch (error) {
  process.stderr.write(`${explainStartup(error)}\n`)
  process.exitCode = 1
}

async function start(config: Config): Promise<void> {
  if (config.server.workers === 1) return serve(config)
  const { runWorkers } = await import('./cluster.ts')
  await runWorkers(config, serve)
}

async function serve(config: Config, onClose?: () => void): Promise<void> {
  const app = await buildApp(config, { logStream: logStream(config, process.stdout) })
  if (onClose) app.addHook('onClose', async () => onClose())
  leaveGracefully(app, process)
  try {
    await app.listen({ host: config.server.host, port: config.server.port })
  } catch (error) {
    await app.close()
    throw error
  }
}
