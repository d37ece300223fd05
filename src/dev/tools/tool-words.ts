import { UserError } from '../../errors.ts'
import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { scriptCommand } from './package-words.ts'
import { type TaskScript, type Usage, usageOf } from './task-scripts.ts'
import type { Task, ToolKind } from './tool-kinds.ts'

/** How a tool is started before anything is asked of it. */
export interface Start {
  readonly program: string
  readonly args: readonly string[]
  /** The script that has to run instead, where it does more than start the tool. */
  readonly script?: TaskScript & Pick<Usage, 'isLast' | 'isRepeated'>
}

/** The arguments of the project's script, so that results match its CI; otherwise the defaults. */
export function startOf(
  facts: Facts,
  kind: ToolKind,
  script: TaskScript | undefined,
  usual: () => readonly string[],
): Start {
  if (facts.isService || script === undefined) return { program: kind.program, args: usual() }
  const usage = usageOf(facts, script, kind)
  const { program, args } = usage?.command ?? { program: kind.program, args: usual() }
  return usage?.isWhole
    ? { program, args }
    : { program, args, script: { isLast: false, isRepeated: false, ...usage, ...script } }
}

/** The script with these arguments, if it does more than start the tool and passes them on. */
export function throughScript(
  facts: Facts,
  start: Start,
  more: readonly string[],
): Command | undefined {
  const { script } = start
  if (script === undefined) return undefined
  if (more.length > 0) refuseRepeated(start)
  return script.isLast || more.length === 0 ? scriptCommand(facts, script.name, more) : undefined
}

/** @throws a UserError where a script runs its tool several times, so that one run of it is not the whole */
export function refuseRepeated({ script }: Start): void {
  if (!script?.isRepeated) return
  throw unsupported(
    `The script "${script.name}" runs its tool more than once: ${JSON.stringify(script.text)}.`,
    'Run one of them: create-service dev run <program> [args...]',
  )
}

/** A script of a tool that this program does not know; it gets no flag that it may not know. */
export function strangersScript(
  facts: Facts,
  script: TaskScript,
  {
    task,
    asked,
    rest,
  }: {
    readonly task: Task
    readonly asked: readonly string[]
    readonly rest: readonly string[]
  },
): Command {
  const [flag] = asked
  if (flag === undefined) return scriptCommand(facts, script.name, rest)
  throw unsupported(
    `The script "${script.name}" runs ${JSON.stringify(script.text)}, and create-service doesn't know how to pass ${flag} to it.`,
    `Pass its own flag after --: create-service dev ${task} -- <flag>`,
  )
}

/** The project's tool can't do what was asked for. */
export function unsupported(message: string, hint: string): UserError {
  return new UserError({ code: 'UNSUPPORTED', message, hint })
}

/** The arguments of a tool without its paths: words that don't follow a flag with a value. */
export function withoutPaths(words: readonly string[], { switches }: ToolKind): readonly string[] {
  const names = switches.map(camelFlag)
  const isSwitch = (word: string) => word.startsWith('--no-') || names.includes(camelFlag(word))
  return words.filter((word, at) => {
    if (word.startsWith('-') || isSwitch(word)) return true
    const before = words[at - 1]
    return before?.startsWith('-') && !before.includes('=') && !isSwitch(before)
  })
}

/** As `--passWithNoTests`, which the runners take as `--pass-with-no-tests` too. */
function camelFlag(word: string): string {
  return word.replace(/(?<=\w)-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
