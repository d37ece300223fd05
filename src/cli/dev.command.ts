import { Command } from 'commander'
import type { Io } from '../model/io.ts'
import { withOutputFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function devCommand(run: Run): Command {
  return new Command('dev')
    .description('daily work on this project')
    .addCommand(serveCommand(run))
    .addCommand(qualityCommand(run))
}

interface ServeFlags {
  readonly port?: string
  readonly host?: string
  readonly reload: boolean
}

function serveCommand(run: Run): Command {
  const command = new Command('serve')
    .description('serve the project: apply pending migrations, reload on change')
    .option('-p, --port <port>', 'port to listen on (default: PORT, or 8000)')
    .option('-H, --host <host>', 'address to listen on (default: HOST, or 127.0.0.1)')
    .option('--no-reload', 'do not reload on change')
  return withOutputFlags(command).action(
    run(async (io: Io, flags: ServeFlags) => {
      const [{ enterService }, { serve }] = await Promise.all([
        import('./workplace.ts'),
        import('../dev/serve.ts'),
      ])
      const { project } = await enterService(command, io)
      return serve(project.root, flags)
    }),
  )
}

function qualityCommand(run: Run): Command {
  const command = new Command('quality').description(
    'lint, format check, typecheck and tests; all run, fails if one fails',
  )
  return withOutputFlags(command).action(
    run(async (io: Io) => {
      const [{ enterService }, { quality, qualityCode }, { installed }, { passThrough, stream }] =
        await Promise.all([
          import('./workplace.ts'),
          import('../dev/quality.ts'),
          import('../dev/installed.ts'),
          import('../system/exec.ts'),
        ])
      const { session, project } = await enterService(command, io)
      const { json } = session
      const results = await quality(project.root, {
        run: (command) => (json ? stream : passThrough)(installed(command)),
        now: io.now,
        started: (name) => io.err(`── ${name}\n`),
      })
      if (json) io.out(`${JSON.stringify({ command: 'dev quality', checks: results }, null, 2)}\n`)
      else for (const result of results) io.out(resultLine(result))
      return qualityCode(results)
    }),
  )
}

function resultLine(result: { name: string; exitCode: number; seconds: number }): string {
  const { name, exitCode, seconds } = result
  const outcome = exitCode === 0 ? 'passed' : `failed (${exitCode})`
  return `${name.padEnd(10)} ${outcome.padEnd(12)} ${seconds.toFixed(1)} s\n`
}
