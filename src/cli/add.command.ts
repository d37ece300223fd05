import { Command } from 'commander'
import { usageError } from '../errors.ts'
import { features } from '../features/index.ts'
import { offered } from '../features/selection.ts'
import type { Io } from '../model/io.ts'
import { broughtNotes } from '../options/create.ts'
import { withChangeFlags } from './global-flags.ts'
import type { Run } from './run.ts'

export function addCommand(run: Run): Command {
  const command = new Command('add')
    .description('add features to this project')
    .argument(
      '[feature...]',
      `${offered(features)
        .map(({ id }) => id)
        .join(', ')}; asked for on a terminal`,
    )
    .option('--no-install', 'do not install the packages they need')
  return withChangeFlags(command).action(
    run(async (io: Io, ids: string[], { install }: { install: boolean }) => {
      const [{ enterService }, { planAdd }, { apply }] = await Promise.all([
        import('./workplace.ts'),
        import('../plan/add.ts'),
        import('../apply.ts'),
      ])
      const { session, project } = await enterService(command, io)
      const present = project.manifest.features
      const wanted = ids.length > 0 ? ids : await askedFeatures(present, session.interactive)
      const plan = planAdd({ features: wanted, install }, project, features)
      return apply(plan, session.settings, session.view, io.now)
    }),
  )
}

async function askedFeatures(
  present: readonly string[],
  isInteractive: boolean,
): Promise<readonly string[]> {
  const missing = offered(features).filter(({ id }) => !present.includes(id))
  const [first] = missing
  if (first === undefined) throw usageError('This service has every feature already.')
  if (!isInteractive) {
    const ids = missing.map(({ id }) => id).join(', ')
    throw usageError(
      'add needs the name of a feature.',
      `Not here yet: ${ids}. For example: create-service add ${first.id}`,
    )
  }
  const { answerTo } = await import('./ask.ts')
  const answer = await answerTo({
    kind: 'multiselect',
    message: 'Which features?',
    choices: missing.map(({ id, title, summary }) => ({ value: id, label: title, hint: summary })),
    initial: [],
    isRequired: true,
    notes: (chosen) => broughtNotes([...present, ...chosen], offered(features)),
  })
  return answer as readonly string[]
}
