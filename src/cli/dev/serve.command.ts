import { Command } from 'commander'
import { usageError } from '../../errors.ts'
import type { Io } from '../../model/io.ts'
import { withOutputFlags } from '../global-flags.ts'
import type { Run } from '../run.ts'

interface ServeFlags {
  readonly port?: string
  readonly host?: string
  readonly workers?: string
  readonly reload: boolean
}

export function serveCommand(run: Run): Command {
  const command = new Command('serve')
    .description('serve the project: apply migrations that lose no data, reload on change')
    .option('-p, --port <port>', 'port to listen on (default: PORT, else as the service says)')
    .option('-H, --host <host>', 'address to listen on (default: HOST, else as the service says)')
    .option('-w, --workers <count>', 'processes that serve; PostgreSQL only, without reload')
    .option('--no-reload', 'do not reload on change')
  return withOutputFlags(command).action(
    run(async (io: Io, flags: ServeFlags) => {
      const [{ enterProject }, { factsOf }, { serve }, { audienceOf }] = await Promise.all([
        import('../workplace.ts'),
        import('../../dev/facts.ts'),
        import('../../dev/serve/serve.ts'),
        import('./audience.ts'),
      ])
      const { project, session } = await enterProject(command, io)
      if (session.json) {
        throw usageError(
          'dev serve goes on serving, and --json ends in one document.',
          'Leave --json out.',
        )
      }
      return serve(factsOf(project), flags, audienceOf(session))
    }),
  )
}
