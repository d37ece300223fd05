import { Command } from 'commander'
import type { Info } from '../../dev/info/info.ts'
import { exitCodes } from '../../errors.ts'
import type { Io } from '../../model/io.ts'
import { withOutputFlags } from '../global-flags.ts'
import type { Run } from '../run.ts'

export function infoCommand(run: Run): Command {
  const command = new Command('info')
    .description("show the project, its tools and what's missing")
    .option('--all', "also the service's environment variables, secrets masked")
  return withOutputFlags(command).action(
    run(async (io: Io, { all }: { readonly all?: true }) => {
      const [{ enterProject }, { factsOf }, { infoOf }, { infoText }] = await Promise.all([
        import('../workplace.ts'),
        import('../../dev/facts.ts'),
        import('../../dev/info/info.ts'),
        import('./info-text.ts'),
      ])
      const { session, project } = await enterProject(command, io)
      const info = await infoOf(project, factsOf(project), all ? io.env : undefined)
      if (session.json) io.out(`${JSON.stringify(documentOf(info), null, 2)}\n`)
      else if (!session.quiet) io.out(infoText(info, io.columns, session.colors.out))
      return exitCodes.done
    }),
  )
}

/** What is not known is null, so that every key is always there. */
function documentOf(info: Info) {
  const { tools, environment, ...rest } = info
  return {
    command: 'dev info',
    ...nullsFor(rest),
    tools: tools.map(({ task, tool, from, hint }) => ({
      task,
      tool: tool ?? null,
      from: from ?? null,
      hint: hint ?? null,
    })),
    ...(environment === undefined
      ? {}
      : { environment: environment.map((one) => ({ ...one, value: one.value ?? null })) }),
  }
}

function nullsFor(value: unknown): object {
  return JSON.parse(JSON.stringify(value, (_key, one) => (one === undefined ? null : one)))
}
