import { UserError } from '../../errors.ts'
import { shellText } from '../../options/shell-text.ts'
import { withoutColors } from '../quality/reading.ts'
import type { ToolId } from '../tools/tool-kinds.ts'
import type { TestOptions } from './test-options.ts'

/**
 * Why a run that passed is a failure all the same: test runners pass if a name matches no test.
 *
 * @param output what the runner printed; one whose summary isn't known here is believed
 */
export function noMatch(
  tool: ToolId | undefined,
  output: string,
  options: TestOptions,
): UserError | undefined {
  const { keyword, marks = [], paths = [] } = options
  if (keyword === undefined || !ranNothing(tool, withoutColors(output))) return undefined
  const asked = [...marks.flatMap((mark) => ['-m', mark]), '-k', keyword, ...paths]
  return new UserError({
    code: 'NO_TESTS',
    message: `No test matches ${shellText(asked)}.`,
    hint: 'To see the names of all tests: create-service dev test -v',
  })
}

function ranNothing(tool: ToolId | undefined, output: string): boolean {
  if (tool === 'node:test') return nodeRanNothing(output)
  const summary = output.match(/^ *Tests:? +\S.*$/gm)?.at(-1)
  return summary !== undefined && !/passed|failed/.test(summary)
}

const nodeFile = /^(?:✔|ok \d+ -) \S+\.[cm]?[jt]sx?(?: \([\d.]+ms\))?$/gm

/** Since Node 22 a file in which no test matched counts as a test that passed. */
function nodeRanNothing(output: string): boolean {
  const counts = output.matchAll(/^[ℹ#] (?:pass|fail) (\d+)$/gm)
  const numbers = [...counts].map(([, number]) => Number(number))
  const total = numbers.reduce((sum, number) => sum + number, 0)
  return numbers.length > 0 && total <= (output.match(nodeFile)?.length ?? 0)
}
