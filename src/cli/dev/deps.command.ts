import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import type { Dependencies, Dependency } from '../../dev/deps/deps.ts'
import { exitCodes } from '../../errors.ts'
import type { Io } from '../../model/io.ts'
import { withOutputFlags } from '../global-flags.ts'
import type { Run } from '../run.ts'
import type { Session } from '../session.ts'

export function depsCommand(run: Run): Command {
  const command = new Command('deps').description(
    'list direct dependencies: installed, wanted and latest version, outdated, deprecated',
  )
  return withOutputFlags(command).action(
    run(async (io: Io) => {
      const [{ enterProject }, { factsOf }, { inspectDependencies }, { registryOf }] =
        await Promise.all([
          import('../workplace.ts'),
          import('../../dev/facts.ts'),
          import('../../dev/deps/deps.ts'),
          import('../../dev/deps/registry.ts'),
        ])
      const { session, project } = await enterProject(command, io)
      const facts = factsOf(project)
      const progress = progressOn(session)
      const ask = await registryOf(facts.packageManager, facts.root)
      // A package manager is started for each question, which is more work than waiting.
      const atOnce = Math.min(6, availableParallelism() + 1)
      const found = await inspectDependencies(facts, ask, atOnce, progress)
      if (session.json) {
        const { packageManager } = facts
        const document = { command: 'dev deps', packageManager, ...documentOf(found) }
        io.out(`${JSON.stringify(document, null, 2)}\n`)
      } else await print(session, found)
      return found.problems.length > 0 ? exitCodes.failed : exitCodes.done
    }),
  )
}

/** One line that counts on a terminal, and is gone at the end; elsewhere one line at the start. */
function progressOn({ io, view, quiet }: Session): (done: number, all: number) => void {
  const isLive = io.liveColumns !== undefined && !quiet
  if (!isLive) view.progress('asking the registry')
  else io.err('… asking the registry')
  return (done, all) => {
    if (isLive) io.err(done === all ? '\r\u001b[K' : `\r… asking the registry ${done}/${all}`)
  }
}

async function print({ io, quiet, colors }: Session, { dependencies, problems }: Dependencies) {
  const { dependencyTable } = await import('./deps-table.ts')
  if (!quiet) {
    if (dependencies.length > 0) io.out(dependencyTable(dependencies, io.columns, colors.out))
    io.out(`${summaryOf(dependencies)}\n`)
  }
  for (const problem of problems) io.err(`${colors.err.red('error')} ${problem}\n`)
}

function summaryOf(dependencies: readonly Dependency[]): string {
  if (dependencies.length === 0) return 'No dependencies.'
  const count = (isIt: (one: Dependency) => boolean) => dependencies.filter(isIt).length
  const isMissing = ({ installed, kind }: Dependency) =>
    installed === undefined && kind !== 'peerDependencies' && kind !== 'optionalDependencies'
  const parts = [
    [count(({ isOutdated }) => isOutdated), 'outdated'],
    [count(({ deprecated }) => deprecated !== undefined), 'deprecated'],
    [count(isMissing), 'not installed'],
    [count(({ source }) => source === 'unasked' || source === 'unknown'), 'not known'],
  ] as const
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  return `${dependencies.length} direct: ${said.join(', ') || 'all up to date'}.`
}

function documentOf({ dependencies, problems }: Dependencies) {
  return {
    dependencies: dependencies.map((one) => ({
      name: one.name,
      kind: one.kind,
      range: one.range,
      source: one.source,
      installed: one.installed ?? null,
      wanted: one.wanted ?? null,
      latest: one.latest ?? null,
      isOutdated: one.isOutdated,
      deprecated: one.deprecated ?? null,
    })),
    warnings: problems,
  }
}
