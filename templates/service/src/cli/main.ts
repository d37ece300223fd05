import { text } from 'node:stream/consumers'
import { loadConfig, withEnvFile } from '../config/index.ts'
import { explainStartup } from '../startup-error.ts'
import { runCli } from './program.ts'

try {
  const env = withEnvFile(process.env, process.cwd())
  process.exitCode = await runCli(process.argv.slice(2), {
    io: process,
    env,
    readInput: () => text(process.stdin),
    config: () => loadConfig(env),
  })
} catch (error) {
  process.stderr.write(`${explainStartup(error)}\n`)
  process.exitCode = 1
}
