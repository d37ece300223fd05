import { text } from 'node:stream/consumers'
import { withEnvFile } from '../config/env-file.ts'
import { loadConfig } from '../config/index.ts'
import { runCli } from './program.ts'

const env = withEnvFile(process.env, process.cwd())

process.exitCode = await runCli(process.argv.slice(2), {
  io: process,
  env,
  readInput: () => text(process.stdin),
  config: () => loadConfig(env),
})
