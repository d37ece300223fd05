import { runCli } from '../../src/cli/program.ts'
import type { Env } from '../../src/config/index.ts'
import { loadConfig } from '../../src/config/index.ts'

/** Runs one command line of the service's own CLI, and gives what it wrote. */
export async function runCommand(args: readonly string[], env: Env = {}) {
  const stdout: string[] = []
  const stderr: string[] = []
  const exitCode = await runCli(args, {
    io: {
      stdout: { write: (text) => stdout.push(text) },
      stderr: { write: (text) => stderr.push(text) },
    },
    env,
    config: () => loadConfig(env),
  })
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') }
}
