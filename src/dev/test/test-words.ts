import type { Command } from '../../model/plan.ts'
import { shellText } from '../../options/shell-text.ts'
import type { Facts } from '../facts.ts'
import type { ToolKind } from '../tools/tool-kinds.ts'
import { type Start, throughScript, unsupported, withoutPaths } from '../tools/tool-words.ts'

/** What a runner is started with: the tool, its usual words and the places to look in. */
export interface Runner {
  readonly kind: ToolKind
  readonly start: Start
  readonly paths: readonly string[]
}

/** The text as a pattern that matches nothing else. */
export function patternOf(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/**
 * The project's script with these arguments, if it has to run.
 * @throws a UserError if the script names its own tests and others are asked for
 */
export function testScript(
  facts: Facts,
  { start, paths, kind }: Runner,
  words: readonly string[],
): Command | undefined {
  const { script, args } = start
  const chosen = withoutPaths(args, kind).length < args.length
  if (script?.isLast && paths.length > 0 && chosen) {
    throw unsupported(
      `The script "${script.name}" chooses its own tests: ${JSON.stringify(script.text)}.`,
      `Run others with: create-service dev run ${kind.program} ${shellText(paths)}`,
    )
  }
  return throughScript(facts, start, [...paths, ...words])
}
