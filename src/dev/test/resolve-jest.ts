import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { withoutPaths } from '../tools/tool-words.ts'
import { isPart, type TestOptions } from './test-options.ts'
import { isFile } from './test-places.ts'
import { patternOf, type Runner, testScript } from './test-words.ts'

/** Paths come first: some flags of Jest take every word that follows. */
export function resolveJest(facts: Facts, runner: Runner, options: TestOptions): Command {
  const { rest = [], watch } = options
  const paths = runner.paths.map((path) => filterOf(path))
  const flags = [...flagsOf(options), ...(watch ? [watchFlag(facts)] : []), ...rest]
  const script = testScript(facts, { ...runner, paths }, flags)
  if (script !== undefined) return script
  const { start, kind } = runner
  const own = start.args.filter((word) => word !== '--watch' && word !== '--watchAll')
  const kept = paths.length > 0 ? withoutPaths(own, kind) : own
  return { program: start.program, args: [...paths, ...kept, ...flags], cwd: facts.root }
}

/** Jest takes a path for a pattern. */
function filterOf(path: string): string {
  const text = path.replace(/[\\^$*+?()[\]{}|]/g, '\\$&')
  return isFile(path) ? text : `${text}/`
}

/** Jest watches what changed, which it asks git for. */
function watchFlag({ levels }: Facts): string {
  const isVersioned = levels.some(({ names }) => names.includes('.git') || names.includes('.hg'))
  return isVersioned ? '--watch' : '--watchAll'
}

function flagsOf(options: TestOptions): readonly string[] {
  const { keyword, failFast, verbose, coverage, html } = options
  const report = ['--coverageReporters=html', '--coverageDirectory=coverage']
  return [
    ...(keyword === undefined ? [] : [`--testNamePattern=${patternOf(keyword)}`]),
    ...(failFast ? ['--bail'] : []),
    ...(verbose ? ['--verbose'] : []),
    ...(coverage || html ? ['--coverage', '--coverageReporters=text'] : []),
    ...(html ? report : []),
    ...((coverage || html) && isPart(options) ? ['--coverageThreshold={}'] : []),
  ]
}
