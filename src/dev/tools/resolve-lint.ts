import { usageError } from '../../errors.ts'
import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { scriptsFor } from './task-scripts.ts'
import type { ToolId, ToolKind } from './tool-kinds.ts'
import {
  refuseRepeated,
  startOf,
  strangersScript,
  throughScript,
  unsupported,
  withoutPaths,
} from './tool-words.ts'
import { toolFor } from './tools.ts'
import { withoutWriting, writesIn } from './writing-words.ts'

export interface LintOptions {
  /** What to lint instead of everything; relative to the root, with `/`. */
  readonly paths?: readonly string[]
  readonly fix?: boolean
  readonly watch?: boolean
  /** The arguments after `--`, for the tool itself. */
  readonly rest?: readonly string[]
}

/** @throws a UserError with code NO_TOOL where the project has no linter */
export function resolveLint(facts: Facts, options: LintOptions = {}): Command {
  const { paths = [], fix = false, watch = false, rest = [] } = options
  const tool = toolFor(facts, 'lint')
  const asked = [
    ...(paths.length > 0 ? ['a path'] : []),
    ...(fix ? ['--fix'] : []),
    ...(watch ? ['--watch'] : []),
  ]
  if (tool.kind === undefined)
    return strangersScript(facts, tool.script, { task: 'lint', asked, rest })
  const { kind } = tool
  if (watch && kind.id !== 'biome') throw noWatch(kind, fix)
  if (watch && fix)
    throw usageError(`${kind.name} fixes nothing while it watches.`, 'Leave out --fix or --watch.')
  const start = startOf(facts, kind, scriptsFor(facts, 'lint')[0], () => usualWords(facts, kind.id))
  const all = asAsked(start.args, { fix, watch })
  const own = paths.length > 0 ? withoutPaths(all, kind) : all
  const flags = [
    ...(fix && !own.some((word) => fixFlags.includes(word)) ? [fixFlagOf(kind)] : []),
    ...(watch && !own.includes('--watch') ? ['--watch'] : []),
  ]
  const words = [...flags, ...paths, ...rest]
  // The script would lint its own paths too.
  const doesMore =
    paths.length > 0 ||
    (start.script !== undefined && doesUnasked(start.script.text, { fix, watch }))
  const script = doesMore ? undefined : throughScript(facts, start, words)
  if (script !== undefined) return script
  if (doesMore) refuseRepeated(start)
  const args = kind.id === 'biome' && fix ? own.map(asCheck) : own
  return { program: start.program, args: [...args, ...words], cwd: facts.root }
}

function usualWords({ isService }: Facts, id: ToolId): readonly string[] {
  if (id === 'oxlint') return []
  if (id === 'eslint') return ['.']
  return isService ? ['check', '--formatter-enabled=false', '--error-on-warnings'] : ['lint', '.']
}

type Asked = Required<Pick<LintOptions, 'fix' | 'watch'>>

const fixFlags = ['--fix', '--write', '--apply', '--apply-unsafe']

function fixFlagOf({ id }: ToolKind): string {
  return id === 'biome' ? '--write' : '--fix'
}

/** The arguments of a script without those that write or watch, unless asked for. */
function asAsked(words: readonly string[], { fix, watch }: Asked): readonly string[] {
  const kept = fix ? words.filter((word) => word !== '--fix-dry-run') : withoutWriting(words)
  return watch ? kept : kept.filter((word) => word !== '--watch')
}

function doesUnasked(text: string, { fix, watch }: Asked): boolean {
  return (!fix && writesIn(text)) || (!watch && /\s--watch(?=\s|$)/.test(text))
}

/** `biome ci` is its check without the right to write. */
function asCheck(word: string): string {
  return word === 'ci' ? 'check' : word
}

function noWatch({ name }: ToolKind, fix: boolean) {
  const command = `create-service dev lint${fix ? ' --fix' : ''}`
  return unsupported(
    `${name} can't watch files.`,
    `Run it with a watcher: npx nodemon --ext js,ts --exec "${command}"`,
  )
}
