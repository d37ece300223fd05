import type { Command } from '../../model/plan.ts'
import { shellText } from '../../options/shell-text.ts'
import type { Facts } from '../facts.ts'
import { throughScript, unsupported, withoutPaths } from '../tools/tool-words.ts'
import { rangeOf } from '../tools/tools.ts'
import type { TestOptions } from './test-options.ts'
import { isFile, noTests, testFilesIn } from './test-places.ts'
import { patternOf, type Runner } from './test-words.ts'

/** Flags come first: Node treats every word after a path as another path. */
export function resolveNodeTest(facts: Facts, runner: Runner, options: TestOptions): Command {
  refuseMissing(options)
  const { rest = [] } = options
  const { start, kind } = runner
  const files = runner.paths.flatMap((path) => filesOf(facts, path))
  const flags = [
    ...flagsOf(options, [...start.args, ...rest]),
    ...loaderFor(facts, start.args, start.program, files),
  ]
  if (start.script !== undefined) return byScript(facts, runner, [...flags, ...files], rest)
  const kept = files.length > 0 ? withoutPaths(start.args, kind) : start.args
  const isFlags = rest[0]?.startsWith('-') ?? false
  const before = isFlags ? rest : []
  const after = isFlags ? [] : rest
  return {
    program: start.program,
    args: [...flags, ...before, ...kept, ...files, ...after],
    cwd: facts.root,
  }
}

/** A script that does more can only run as it is. */
function byScript(
  facts: Facts,
  { start }: Runner,
  words: readonly string[],
  rest: readonly string[],
): Command {
  const whole = words.length === 0 ? throughScript(facts, start, rest) : undefined
  if (whole !== undefined) return whole
  throw unsupported(
    `The script "test" does more than run node --test: ${JSON.stringify(start.script?.text)}.`,
    `Run it by hand: create-service dev run node --test ${shellText([...words, ...rest])}`,
  )
}

/** Node looks through a folder in some versions only. */
function filesOf(facts: Facts, path: string): readonly string[] {
  if (isFile(path)) return [path]
  const files = testFilesIn(facts, path)
  if (files.length > 0) return files
  throw noTests(`No test matches ${path}: it contains no test files.`)
}

/** A test in TypeScript needs tsx, if installed, unless the project's own arguments load another loader. */
function loaderFor(
  facts: Facts,
  words: readonly string[],
  program: string,
  files: readonly string[],
): readonly string[] {
  const isTyped = files.some((file) => /\.[cm]?tsx?$/.test(file))
  const isLoaded =
    program === 'tsx' || words.some((word) => /^--(import|require|loader|experimental)/.test(word))
  return isTyped && !isLoaded && rangeOf(facts, 'tsx') !== undefined ? ['--import', 'tsx'] : []
}

function flagsOf(
  { keyword, verbose, coverage, watch }: TestOptions,
  own: readonly string[],
): readonly string[] {
  // Whether a test matched is read from its summary, which other reporters may not have.
  const readsSummary = keyword !== undefined && !watch
  const hasReporter = own.some((word) => word.startsWith('--test-reporter'))
  return [
    ...(keyword === undefined ? [] : [`--test-name-pattern=${patternOf(keyword)}`]),
    ...(verbose || (readsSummary && !hasReporter) ? ['--test-reporter=spec'] : []),
    ...(coverage ? ['--experimental-test-coverage'] : []),
    ...(watch ? ['--watch'] : []),
  ]
}

function refuseMissing({ failFast, html }: TestOptions): void {
  if (failFast) {
    throw unsupported(
      "node:test can't stop at the first failure, so -x isn't available here.",
      'Vitest (--bail 1) and Jest (--bail) can.',
    )
  }
  if (html) {
    throw unsupported(
      "node:test can't write an HTML coverage report.",
      'c8 does: npx c8 --reporter=html node --test. As text: create-service dev test --coverage',
    )
  }
}
