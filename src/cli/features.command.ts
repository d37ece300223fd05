import { Command } from 'commander'
import { features } from '../features/index.ts'
import { offered } from '../features/selection.ts'
import type { Io } from '../model/io.ts'
import { withOutputFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function featuresCommand(run: Run): Command {
  const command = new Command('features').description(
    'list the features and which of them this project has',
  )
  return withOutputFlags(command).action(
    run(async (io: Io) => {
      const [{ openSession }, { findRoot }, { openProject }] = await Promise.all([
        import('./session.ts'),
        import('../project/root.ts'),
        import('../project/project.ts'),
      ])
      const { cwd, json } = openSession(command, io)
      const project = findRoot(cwd) === undefined ? undefined : await openProject(cwd)
      const present = project?.kind === 'service' ? project.manifest.features : []
      const rows = offered(features).map(({ id, title, summary, requires }) => ({
        id,
        title,
        summary,
        requires,
        present: present.includes(id),
      }))
      if (json) io.out(`${JSON.stringify({ features: rows }, null, 2)}\n`)
      else for (const row of rows) io.out(`${row.present ? '●' : '○'} ${row.id}  ${row.summary}\n`)
      return 0
    }),
  )
}
