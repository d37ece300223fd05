import type { Command } from 'commander'
import type { Facts } from '../../dev/facts.ts'
import type { TestOptions } from '../../dev/test/resolve-test.ts'
import type { Io } from '../../model/io.ts'
import type { Run } from '../run.ts'
import type { Session } from '../session.ts'
import { runTool, type ToolRun } from './run-tool.ts'
import { ToolCommand } from './tool-command.ts'

interface TestFlags {
  readonly coverage?: boolean
  readonly html?: boolean
  readonly mark?: readonly string[]
  readonly keyword?: string
  readonly failfast?: boolean
  readonly verbose?: boolean
  readonly watch?: boolean
}

const collect = (word: string, before: readonly string[] = []) => [...before, word]

export function testCommand(run: Run): Command {
  const command = new ToolCommand('test')
  return command
    .description("run the project's tests")
    .usage('[options] [path...] [-- <arguments of the test runner>]')
    .argument('[path...]', 'test files and folders (default: all but load and chaos)')
    .option('--coverage', 'measure coverage; thresholds apply if all tests run')
    .option('--html', 'measure coverage and write an HTML report')
    .option('-m, --mark <mark>', 'only unit, integration, api, load or chaos; repeatable', collect)
    .option('-k, --keyword <text>', 'only tests whose name contains this text')
    .option('-x, --failfast', 'stop at the first failure')
    .option('-v, --verbose', 'print the name of every test')
    .option('--watch', 'run again on every change, until Ctrl-C')
    .action(
      run(async (io: Io, paths: readonly string[], flags: TestFlags) => {
        const [{ htmlReport, resolveTest }, { noMatch }] = await Promise.all([
          import('../../dev/test/resolve-test.ts'),
          import('../../dev/test/no-match.ts'),
        ])
        let options: TestOptions = {}
        const resolve = async (facts: Facts, session: Session) => {
          options = await optionsOf(paths, flags, command.rest, facts, session)
          const resolved = resolveTest(facts, options)
          await tellOfPart(options, session)
          return resolved
        }
        const isEndless = flags.watch === true
        const fault: ToolRun['fault'] =
          flags.keyword === undefined || isEndless
            ? undefined
            : (output, tool) => noMatch(tool, output, options)
        const ran = await runTool(command, io, { task: 'test', isEndless, resolve, fault })
        if (flags.html === true) await tellOfReport(ran.root, htmlReport, ran.session)
        return ran.exitCode
      }),
    )
}

async function optionsOf(
  paths: readonly string[],
  flags: TestFlags,
  rest: readonly string[],
  { root }: Facts,
  { cwd }: Session,
): Promise<TestOptions> {
  const [{ asMark }, { pathsFromRoot }] = await Promise.all([
    import('../../dev/test/resolve-test.ts'),
    import('../../dev/paths.ts'),
  ])
  const { mark = [], keyword, failfast, coverage, html, verbose, watch } = flags
  return {
    paths: pathsFromRoot(paths, cwd, root),
    marks: [...new Set(mark.map(asMark))],
    coverage: coverage === true || html === true,
    html: html === true,
    failFast: failfast === true,
    verbose: verbose === true,
    watch: watch === true,
    rest,
    ...(keyword === undefined ? {} : { keyword }),
  }
}

async function tellOfPart(options: TestOptions, { io, quiet }: Session): Promise<void> {
  const { isPart } = await import('../../dev/test/resolve-test.ts')
  if (quiet || !options.coverage || !isPart(options)) return
  io.err("Only some tests run, so coverage thresholds aren't checked.\n")
}

async function tellOfReport(root: string, report: string, session: Session): Promise<void> {
  const [{ join, relative }, { exists }] = await Promise.all([
    import('node:path'),
    import('../../system/files.ts'),
  ])
  const { io, cwd, json } = session
  const path = join(root, report)
  if (!exists(path)) return
  const tell = json ? io.err : io.out
  tell(`HTML report: ${relative(cwd, path)}\n`)
}
