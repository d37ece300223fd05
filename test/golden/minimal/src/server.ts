import { buildApp } from './app.ts'
import { withEnvFile } from './config/env-file.ts'
import { loadConfig } from './config/index.ts'
import { explainStartup } from './errors/startup-error.ts'
import { prettyStream } from './observability/logger.ts'
import { closeOnSignal } from './shutdown.ts'

try {
  await serve()
} catch (error) {
  process.stderr.write(`${explainStartup(error)}\n`)
  process.exitCode = 1
}

async function serve(): Promise<void> {
  const config = loadConfig(withEnvFile(process.env, process.cwd()))
  const logStream = await prettyStream(config.logging, process.stdout.isTTY)
  const app = await buildApp(config, logStream && { logStream })
  process.on('uncaughtExceptionMonitor', (error) => app.log.fatal({ err: error }, 'crashed'))
  closeOnSignal(app, process)
  try {
    await app.listen({ host: config.server.host, port: config.server.port })
  } catch (error) {
    await app.close()
    throw error
  }
}
