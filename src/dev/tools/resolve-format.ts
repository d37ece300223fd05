import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { scriptNames, scriptsCalled, type TaskScript, usageOf } from './task-scripts.ts'
import type { ToolId } from './tool-kinds.ts'
import {
  refuseRepeated,
  startOf,
  strangersScript,
  throughScript,
  unsupported,
} from './tool-words.ts'
import { type Tool, toolFor } from './tools.ts'
import { withoutWriting, writesIn } from './writing-words.ts'

export interface FormatOptions {
  readonly check?: boolean
  /** The arguments after `--`, for the tool itself. */
  readonly rest?: readonly string[]
}

/** @throws a UserError with code NO_TOOL where the project has no formatter */
export function resolveFormat(facts: Facts, options: FormatOptions = {}): Command {
  const { check = false, rest = [] } = options
  const tool = toolFor(facts, 'format')
  if (tool.kind === undefined) return formatByScript(facts, tool, check, rest)
  const { kind } = tool
  const [own, other] = scriptsOf(facts, check)
  const script = [own, other].find((one) => one && usageOf(facts, one, kind)?.command)
  const start = startOf(facts, kind, own ?? script, () => usualWords(facts, kind.id, check))
  const runsOwn = own !== undefined && !(check && writesIn(own.text))
  const whole = runsOwn ? throughScript(facts, start, rest) : undefined
  if (whole !== undefined) return whole
  refuseRepeated(start)
  const args = facts.isService ? start.args : asked(kind.id, start.args, check)
  return { program: start.program, args: [...args, ...rest], cwd: facts.root }
}

/** The script for writing or checking, whichever is asked for, and the one for the other. */
function scriptsOf(facts: Facts, check: boolean): readonly (TaskScript | undefined)[] {
  const [write] = scriptsCalled(facts, scriptNames.format)
  const [only] = scriptsCalled(facts, scriptNames.formatCheck)
  return check ? [only, write] : [write, only]
}

/** Writing here sorts imports too, as the linter asks for it. */
function usualWords({ isService }: Facts, id: ToolId, check: boolean): readonly string[] {
  if (id !== 'biome') return id === 'oxfmt' ? [] : ['.']
  if (!isService) return ['format', '.']
  return check ? ['format'] : ['check', '--linter-enabled=false', '--write']
}

const checkFlags = ['--check', '-c', '--list-different', '-l']
const writeFlags = ['--write', '-w', '--fix']

/** The arguments of one script, changed to what is asked for. */
function asked(id: ToolId, words: readonly string[], check: boolean): readonly string[] {
  const kept = (check ? withoutWriting(words) : words)
    .filter((word) => !(check ? writeFlags : checkFlags).includes(word))
    .map((word) => (id === 'biome' && !check && word === 'ci' ? 'check' : word))
  const flag = flagFor(id, check)
  const alike = check ? checkFlags : writeFlags
  return flag === undefined || kept.some((word) => alike.includes(word)) ? kept : [...kept, flag]
}

/** Without a flag, Biome checks and oxfmt writes. */
function flagFor(id: ToolId, check: boolean): string | undefined {
  if (check) return id === 'biome' ? undefined : '--check'
  return id === 'oxfmt' ? undefined : '--write'
}

function formatByScript(
  facts: Facts,
  { script, name }: Extract<Tool, { kind: undefined }>,
  check: boolean,
  rest: readonly string[],
): Command {
  const [own] = scriptsOf(facts, check)
  if (own !== undefined) return strangersScript(facts, own, { task: 'format', asked: [], rest })
  const verb = check ? 'checks' : 'writes'
  throw unsupported(
    `The script "${script.name}" runs ${name}, and no script ${verb} formatting.`,
    `Add a script "${check ? 'format:check' : 'format'}" that does.`,
  )
}
