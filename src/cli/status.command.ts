import { Command } from 'commander'
import { exitCodes } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { StatusRow } from '../render/status.ts'
import { withOutputFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function statusCommand(run: Run): Command {
  const command = new Command('status')
    .description('show the state of generated files: managed, edited, detached, missing')
    .option('--check', 'exit 1 if a generated file was edited or is missing')
  return withOutputFlags(command).action(
    run(async (io: Io, flags: { check?: true }) => {
      const [{ enterProject }, { statusOf }, { diskAt }] = await Promise.all([
        import('./workplace.ts'),
        import('../render/status.ts'),
        import('../system/disk.ts'),
      ])
      const { session, project } = await enterProject(command, io)
      const rows = statusOf(diskAt(project.root))
      const strange = rows.filter(({ state }) => state !== 'managed')
      if (session.json) io.out(`${JSON.stringify({ status: rows }, null, 2)}\n`)
      else io.out(textOf(rows, strange))
      return flags.check === true && strange.length > 0 ? exitCodes.failed : exitCodes.done
    }),
  )
}

/** One line per unit, then one for each file or edit that has changed since it was generated. */
function textOf(rows: readonly StatusRow[], strange: readonly StatusRow[]): string {
  const units = [...new Set(rows.map(({ unit }) => unit))]
  const lines = units.flatMap((unit) => {
    const own = strange.filter((row) => row.unit === unit)
    const state = own.length === 0 ? 'managed' : `${own.length} edited, detached or missing`
    return [
      `${unit}  ${state}`,
      ...own.map(
        ({ state: is, path, edit }) =>
          `  ${is.padEnd(8)} ${path}${edit === undefined ? '' : `  ${edit}`}`,
      ),
    ]
  })
  return lines.length === 0 ? 'Nothing was generated here.\n' : `${lines.join('\n')}\n`
}
