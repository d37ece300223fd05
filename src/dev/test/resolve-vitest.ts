import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { addingCommand } from '../tools/package-words.ts'
import { unsupported, withoutPaths } from '../tools/tool-words.ts'
import { rangeOf } from '../tools/tools.ts'
import { isPart, type TestOptions } from './test-options.ts'
import { marks as allMarks, isFile, isIn, type Mark, noTests, withinPaths } from './test-places.ts'
import { patternOf, type Runner, testScript } from './test-words.ts'

/** Load and chaos tests run alone, so they are projects of Vitest; all others are one. */
const projects: Record<Mark, string> = {
  unit: 'default',
  integration: 'default',
  api: 'default',
  load: 'load',
  chaos: 'chaos',
}

/** In a service a mark is a folder of `test/`. */
export function resolveServiceTest(facts: Facts, options: TestOptions): Command {
  const { marks = [], paths = [], rest = [], watch } = options
  const inPaths = allMarks.filter((mark) => paths.some((path) => isIn(path, `test/${mark}`)))
  for (const mark of [...marks, ...inPaths]) refuseEmpty(facts, mark)
  const folders = marks.map((mark) => `test/${mark}`)
  const places = marks.length > 0 ? withinPaths(folders, { paths, marks }) : paths
  const chosen = marks.length > 0 ? marks : (['unit', ...inPaths] as const)
  const names = new Set(chosen.map((mark) => projects[mark]))
  const args = [watch ? 'watch' : 'run', ...filtersOf(places)]
  return {
    program: 'vitest',
    args: [
      ...args,
      ...[...names].flatMap((name) => ['--project', name]),
      ...flagsOf(facts, options),
      ...rest,
    ],
    cwd: facts.root,
  }
}

function refuseEmpty({ sources }: Facts, mark: Mark): void {
  const isTest = (file: string) => file.startsWith(`test/${mark}/`) && file.endsWith('.test.ts')
  if (sources.some(isTest)) return
  throw noTests(
    `No test matches -m ${mark}: there is no *.test.ts in test/${mark}.`,
    `Write one, for example test/${mark}/service.test.ts.`,
  )
}

/** The same in a project that wasn't created by this program. */
export function resolveVitest(facts: Facts, runner: Runner, options: TestOptions): Command {
  const { rest = [], watch } = options
  const flags = [...flagsOf(facts, options), ...rest]
  const script = watch ? undefined : testScript(facts, runner, flags)
  if (script !== undefined) return script
  const { start, kind, paths } = runner
  const modes = ['run', 'watch', 'dev', '--run', '--watch', '-w']
  const own = start.args.filter((word) => !modes.includes(word))
  const kept = paths.length > 0 ? withoutPaths(own, kind) : own
  const args = [watch ? 'watch' : 'run', ...filtersOf(paths), ...kept, ...flags]
  return { program: start.program, args, cwd: facts.root }
}

/** Vitest runs every file whose path holds the text; a slash keeps to the folder. */
function filtersOf(paths: readonly string[]): readonly string[] {
  return paths.map((path) => (isFile(path) ? path : `${path}/`))
}

function flagsOf(facts: Facts, options: TestOptions): readonly string[] {
  const { keyword, failFast, verbose } = options
  return [
    ...(keyword === undefined ? [] : [`--testNamePattern=${patternOf(keyword)}`]),
    ...(failFast ? ['--bail=1'] : []),
    ...(verbose ? ['--reporter=verbose'] : []),
    ...coverageFlags(facts, options),
  ]
}

function coverageFlags(facts: Facts, options: TestOptions): readonly string[] {
  const { coverage, html } = options
  if (!coverage && !html) return []
  refuseMissing(facts)
  const flags = ['--coverage.enabled=true', '--coverage.reporter=text']
  const report = ['--coverage.reporter=html', '--coverage.reportsDirectory=coverage']
  return [
    ...flags,
    ...(html ? report : []),
    ...(isPart(options) ? ['--coverage.thresholds=false'] : []),
  ]
}

function refuseMissing(facts: Facts): void {
  const providers = ['@vitest/coverage-v8', '@vitest/coverage-istanbul']
  if (providers.some((provider) => rangeOf(facts, provider) !== undefined)) return
  throw unsupported(
    "Vitest needs another package to measure coverage, and it isn't installed.",
    `Add it: ${addingCommand(facts, '@vitest/coverage-v8')}`,
  )
}
