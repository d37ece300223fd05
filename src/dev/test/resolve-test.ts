import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { scriptsFor } from '../tools/task-scripts.ts'
import { startOf, strangersScript } from '../tools/tool-words.ts'
import { toolFor } from '../tools/tools.ts'
import { resolveJest } from './resolve-jest.ts'
import { resolveNodeTest } from './resolve-node-test.ts'
import { resolveServiceTest, resolveVitest } from './resolve-vitest.ts'
import type { TestOptions } from './test-options.ts'
import { placesFor } from './test-places.ts'

export { htmlReport, isPart, type TestOptions } from './test-options.ts'
export { asMark, type Mark, marks } from './test-places.ts'

/** @throws a UserError with code NO_TOOL where the project has no test runner */
export function resolveTest(facts: Facts, options: TestOptions = {}): Command {
  const tool = toolFor(facts, 'test')
  if (tool.kind === undefined) {
    const { rest = [] } = options
    return strangersScript(facts, tool.script, { task: 'test', asked: flagsSaid(options), rest })
  }
  const { kind } = tool
  if (facts.isService && kind.id === 'vitest') return resolveServiceTest(facts, options)
  const start = startOf(facts, kind, scriptsFor(facts, 'test')[0], () =>
    kind.id === 'vitest' ? ['run'] : [],
  )
  const { paths = [], marks = [] } = options
  const place = { kind, start, paths: placesFor(facts, { paths, marks }) }
  if (kind.id === 'jest') return resolveJest(facts, place, options)
  if (kind.id === 'node:test') return resolveNodeTest(facts, place, options)
  return resolveVitest(facts, place, options)
}

/** The flags that were given, as this program spells them. */
function flagsSaid(options: TestOptions): readonly string[] {
  const { paths = [], marks = [], coverage, html, keyword, failFast, verbose, watch } = options
  const said: readonly (readonly [string, boolean | undefined])[] = [
    ['a path', paths.length > 0],
    ['-m', marks.length > 0],
    ['--coverage', coverage],
    ['--html', html],
    ['-k', keyword !== undefined],
    ['-x', failFast],
    ['-v', verbose],
    ['--watch', watch],
  ]
  return said.flatMap(([flag, isSaid]) => (isSaid ? [flag] : []))
}
