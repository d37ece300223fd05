import type { Command } from 'commander'
import { usageError } from '../errors.ts'
import { features } from '../features/index.ts'
import type { Generated, Surroundings } from '../generators/generator.ts'
import type { Io } from '../model/io.ts'
import { withChangeFlags } from './global-flags.ts'

/** What every noun takes beside its own flags. */
export interface GenerateFlags {
  readonly install: boolean
  readonly into?: string
}

/** Chooses among several places. */
export const intoFlag = [
  '--into <file#function>',
  'where to register it, if several places fit',
] as const

/** Flags of every `generate`. */
export function withInstall(command: Command): Command {
  return withChangeFlags(command).option('--no-install', 'do not install what it needs')
}

/** Runs one generator in the project of the command line. */
export async function generate(
  command: Command,
  io: Io,
  flags: GenerateFlags,
  noun: string,
  planOf: (surroundings: Surroundings) => Generated,
): Promise<number> {
  const [{ enterProject }, { parseInto, surroundingsOf }, { planGenerate }, { apply }] =
    await Promise.all([
      import('./workplace.ts'),
      import('../plan/surroundings.ts'),
      import('../plan/generate.ts'),
      import('../apply.ts'),
    ])
  const { session, project } = await enterProject(command, io)
  const into =
    flags.into === undefined ? undefined : parseInto(flags.into, session.cwd, project.root)
  const surroundings = await surroundingsOf(project, io.now(), into)
  const options = { noun, install: flags.install, habits: surroundings.habits, into }
  const generated = planOf(surroundings)
  if (into !== undefined && (generated.registrations ?? []).length === 0) {
    throw usageError(`--into: here a ${noun} has its place already.`, 'Leave --into out.')
  }
  const plan = planGenerate(generated, options, project, features)
  return apply(plan, session.settings, session.view, io.now)
}
