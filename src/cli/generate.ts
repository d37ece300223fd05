import type { Command } from 'commander'
import { UserError, usageError } from '../errors.ts'
import { features } from '../features/index.ts'
import type { Generated, Surroundings } from '../generators/generator.ts'
import type { Io } from '../model/io.ts'
import type { Question } from '../options/option.ts'
import { withChangeFlags } from './global-flags.ts'

/** The flags that every noun takes. */
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
  return withChangeFlags(command).option('--no-install', 'do not install the packages it needs')
}

/** What to generate, from the command line or from answers. */
export interface Wanted {
  readonly name: string
  readonly fields: readonly string[]
}

/** One `generate`: its noun, the arguments of the command line, and how they become a plan. */
export interface Generation {
  readonly noun: string
  /** The arguments of the command line; a missing name is asked for. */
  readonly words: { readonly name: string | undefined; readonly fields?: readonly string[] }
  /** Shown in the empty question for the name. */
  readonly example: string
  /** Whether it has fields, to ask for after its name. */
  readonly hasFields?: boolean
  plan(wanted: Wanted, surroundings: Surroundings): Generated
}

/** Runs one generator in the project of the command line. */
export async function generate(
  command: Command,
  io: Io,
  flags: GenerateFlags,
  generation: Generation,
): Promise<number> {
  const [{ enterProject }, { parseInto, surroundingsOf }, { planGenerate }, { apply }, result] =
    await Promise.all([
      import('./workplace.ts'),
      import('../plan/surroundings.ts'),
      import('../plan/generate.ts'),
      import('../apply.ts'),
      import('./generate-result.ts'),
    ])
  const { noun } = generation
  const { session, project } = await enterProject(command, io)
  const into =
    flags.into === undefined ? undefined : parseInto(flags.into, session.cwd, project.root)
  const surroundings = await surroundingsOf(project, io.now(), into)
  const options = { noun, install: flags.install, habits: surroundings.habits, into }
  const wanted = await wantedBy(generation, surroundings, session.interactive)
  const generated = generation.plan(wanted, surroundings)
  if (into !== undefined && (generated.registrations ?? []).length === 0) {
    throw usageError(`--into doesn't apply to a ${noun} here.`, 'Leave --into out.')
  }
  const plan = planGenerate(generated, options, project, features)
  const lines = result.generatedText(generated, project, surroundings, io.env)
  return apply({ ...plan, result: lines }, session.settings, session.view, io.now)
}

/** The arguments of the command line; without a name, asks on a terminal. */
async function wantedBy(
  generation: Generation,
  surroundings: Surroundings,
  isInteractive: boolean,
): Promise<Wanted> {
  const { noun, words, example, hasFields } = generation
  const { name, fields = [] } = words
  if (name !== undefined) return { name, fields }
  if (!isInteractive) {
    throw usageError(
      `generate ${noun} needs a name.`,
      `For example: create-service generate ${noun} ${example}`,
    )
  }
  const { answerTo } = await import('./ask.ts')
  const fault = (wanted: Wanted) => faultOf(() => generation.plan(wanted, surroundings))
  // What no answer can change is refused before the first question.
  fault({ name: example, fields: [] })
  const asked = String(await answerTo(nameQuestion(noun, example, fault)))
  if (!hasFields) return { name: asked, fields }
  const answer = await answerTo(fieldsQuestion((more) => fault({ name: asked, fields: more })))
  return { name: asked, fields: wordsIn(String(answer)) }
}

function nameQuestion(
  noun: string,
  example: string,
  fault: (wanted: Wanted) => string | undefined,
): Question {
  return {
    kind: 'text',
    message: `Name of the ${noun}?`,
    placeholder: example,
    fault: (name) => (name === '' ? 'A name is needed.' : fault({ name, fields: [] })),
  }
}

function fieldsQuestion(fault: (fields: readonly string[]) => string | undefined): Question {
  return {
    kind: 'text',
    message: 'Fields? name:type, separated by spaces; create-service help generate resource',
    placeholder: 'name:string:120 price:decimal:10,2 status:enum:draft,active=draft',
    fault: (answer) => fault(wordsIn(answer)),
  }
}

/** Words as a shell would split them: spaces separate, except between quotes. */
export function wordsIn(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*'|["'])+/g) ?? []
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}

/** Faults that another answer would fix. */
const ofAnswers = ['USAGE', 'BAD_FIELD', 'NAME_TAKEN', 'UNIT_DIFFERS']

/**
 * What another answer would fix.
 * @throws every other error
 */
function faultOf(plan: () => unknown): string | undefined {
  try {
    plan()
    return undefined
  } catch (error) {
    if (!(error instanceof UserError) || !ofAnswers.includes(error.code)) throw error
    return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`
  }
}
