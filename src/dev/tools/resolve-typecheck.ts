import { UserError } from '../../errors.ts'
import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { scriptsFor } from './task-scripts.ts'
import {
  refuseRepeated,
  startOf,
  strangersScript,
  throughScript,
  unsupported,
} from './tool-words.ts'
import { rangeOf, toolFor } from './tools.ts'

export interface TypecheckOptions {
  readonly strict?: boolean
  /** The arguments after `--`, for the tool itself. */
  readonly rest?: readonly string[]
}

/** All that finds faults; not what asks for another style. TypeScript has these since 4.4. */
const strictFlags = [
  ...['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
  ...['--noImplicitOverride', '--noImplicitReturns', '--noFallthroughCasesInSwitch'],
  ...['--noUnusedLocals', '--noUnusedParameters'],
  ...['--allowUnreachableCode', 'false', '--allowUnusedLabels', 'false'],
]

/** @throws a UserError with code NO_TOOL where the project has no TypeScript */
export function resolveTypecheck(facts: Facts, options: TypecheckOptions = {}): Command {
  const { strict = false, rest = [] } = options
  const tool = toolFor(facts, 'typecheck')
  const asked = strict ? ['--strict'] : []
  if (tool.kind === undefined)
    return strangersScript(facts, tool.script, { task: 'typecheck', asked, rest })
  const [script] = scriptsFor(facts, 'typecheck')
  const start = startOf(facts, tool.kind, script, () => usualWords(facts))
  const own = withoutWatching(start.args)
  const builds = own.some((word) => word === '-b' || word === '--build')
  if (strict && builds) throw noStrictBuild()
  const words = [...(strict ? strictFlags : []), ...rest]
  const isEndless = start.script !== undefined && watching.test(start.script.text)
  const whole = isEndless ? undefined : throughScript(facts, start, words)
  if (whole !== undefined) return whole
  if (isEndless) refuseRepeated(start)
  const args = builds ? own : withoutOutput(own)
  return { program: start.program, args: [...args, ...words], cwd: facts.root }
}

/** In the words of the compiler; others have a -w that means something else. */
const watching = /\btsc\b[^&|;]*\s(-w|--watch)(?=[\s"'&|;]|$)/

/** Without watching. The compiler takes its flags in any case, and true or false after one. */
function withoutWatching(words: readonly string[]): readonly string[] {
  const isFlag = (word = '') => /^(-w|--?watch|--?preserveWatchOutput)$/i.test(word)
  return words.filter(
    (word, at) => !isFlag(word) && !(/^(true|false)$/.test(word) && isFlag(words[at - 1])),
  )
}

function withoutOutput(words: readonly string[]): readonly string[] {
  return words.includes('--noEmit') ? words : ['--noEmit', ...words]
}

function usualWords(facts: Facts): readonly string[] {
  if (facts.isSolution) return solutionWords(facts)
  const names = facts.levels.flatMap((level) => level.names)
  if (names.includes('tsconfig.json')) return ['--noEmit']
  const other = facts.levels[0].names.find((name) => /^(jsconfig|tsconfig\..+)\.json$/.test(name))
  if (other !== undefined) return ['--noEmit', '-p', other]
  throw new UserError({
    code: 'NO_TOOL',
    message: 'This project uses TypeScript but has no tsconfig.json.',
    hint: 'Create one, for example with: npx tsc --init',
  })
}

/** The projects that a solution names are checked by its build, which must leave no files. */
function solutionWords(facts: Facts): readonly string[] {
  const [major = 0, minor = 0] = (rangeOf(facts, 'typescript')?.match(/\d+/g) ?? ['9']).map(Number)
  if (major > 5 || (major === 5 && minor >= 6)) return ['-b', '--noEmit']
  throw unsupported(
    'tsconfig.json only references other projects; TypeScript can check those without writing files since 5.6.',
    'Add a script "typecheck" that checks them, or a newer TypeScript.',
  )
}

function noStrictBuild() {
  return unsupported(
    "tsc -b takes no compiler flags, so --strict isn't available here.",
    'Check one project: create-service dev run tsc --noEmit --strict -p <its tsconfig.json>',
  )
}
