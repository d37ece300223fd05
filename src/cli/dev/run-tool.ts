import type { Command as Words } from 'commander'
import type { Facts } from '../../dev/facts.ts'
import type { ToolId } from '../../dev/tools/tool-kinds.ts'
import type { Task } from '../../dev/tools/tools.ts'
import { exitCodes, type UserError, usageError } from '../../errors.ts'
import type { Io } from '../../model/io.ts'
import type { Command } from '../../model/plan.ts'
import { shellText } from '../../options/shell-text.ts'
import type { Session } from '../session.ts'

/** How a command runs the tool of a task. */
export interface ToolRun {
  readonly task: Task
  /** Whether it runs until it is stopped. */
  readonly isEndless?: boolean
  resolve(facts: Facts, session: Session): Command | Promise<Command>
  /** Why a run that ended with 0 is a failure all the same, by what the tool printed. */
  readonly fault?: Fault | undefined
}

type Fault = (output: string, tool: ToolId | undefined) => UserError | undefined

/** Where a tool ran, and how it ended. */
export interface Ran {
  readonly exitCode: number
  readonly root: string
  readonly session: Session
}

/** Runs the tool of a task in the project that the user is in, with the user's terminal. */
export async function runTool(words: Words, io: Io, run: ToolRun): Promise<Ran> {
  const [{ enterProject }, { factsOf }, { installed }, { toolFor }] = await Promise.all([
    import('../workplace.ts'),
    import('../../dev/facts.ts'),
    import('../../dev/installed.ts'),
    import('../../dev/tools/tools.ts'),
  ])
  const { session, project } = await enterProject(words, io)
  if (session.json && run.isEndless) throw refusedEndless(run.task)
  const facts = factsOf(project)
  const command = installed(await run.resolve(facts, session))
  const { name, kind } = toolFor(facts, run.task)
  const names = { command: `dev ${run.task}`, tool: name }
  const { fault } = run
  const exitCode =
    fault === undefined
      ? await execute(command, names, session, run.isEndless ? untilStopped : runAlone)
      : await executeHeard(command, names, session, (output) => fault(output, kind?.id))
  return { exitCode, root: facts.root, session }
}

interface Names {
  readonly command: string
  readonly tool: string
}

/** Runs a command and gives its exit code; with `--json` it prints to stderr, and stdout gets one document. */
export async function execute(
  command: Command,
  names: Names,
  session: Session,
  run: (command: Command) => Promise<number>,
): Promise<number> {
  const { io, json } = session
  const asked = prepared(command, session)
  if (!json) return run(asked)
  const start = io.now().getTime()
  const supervisor = await import('../../system/supervisor.ts')
  const exitCode = await supervisor.runAlone(asked, 'stderr')
  report(names, exitCode, start, io)
  return exitCode
}

/**
 * The same, and looks at what was printed.
 * @throws the error that `fault` finds in the output of a run that ended with 0
 */
async function executeHeard(
  command: Command,
  names: Names,
  session: Session,
  fault: (output: string) => UserError | undefined,
): Promise<number> {
  const { io, json } = session
  const asked = prepared(command, session)
  const start = io.now().getTime()
  const { runHeard } = await import('../../system/supervisor.ts')
  // Without a terminal of its own a tool wouldn't use colours.
  const env = isPlain(session) ? {} : { FORCE_COLOR: io.env.FORCE_COLOR ?? '1' }
  const ended = await runHeard(asked, env, json ? 'stderr and kept' : 'shown and kept')
  const found = ended.exitCode === exitCodes.done ? fault(ended.output) : undefined
  if (found !== undefined && !json) throw found
  const exitCode = found?.exitCode ?? ended.exitCode
  if (found !== undefined) io.err(`${found.message}\n`)
  if (json) report(names, exitCode, start, io)
  return exitCode
}

function prepared(command: Command, session: Session): Command {
  if (session.debug) session.io.err(`${shellText([command.program, ...command.args])}\n`)
  return isPlain(session) ? { ...command, env: { ...command.env, NO_COLOR: '1' } } : command
}

function report(names: Names, exitCode: number, start: number, io: Io): void {
  const seconds = (io.now().getTime() - start) / 1000
  io.out(`${JSON.stringify({ ...names, exitCode, seconds }, null, 2)}\n`)
}

async function runAlone(command: Command): Promise<number> {
  const supervisor = await import('../../system/supervisor.ts')
  return supervisor.runAlone(command)
}

/** A tool that watches may read keys. After Ctrl-C its run was cancelled, whatever its exit code. */
async function untilStopped(command: Command): Promise<number> {
  const [{ passThrough }, { onStopSignals }, { codeOfSignal }] = await Promise.all([
    import('../../system/exec.ts'),
    import('../../system/stop-signals.ts'),
    import('../../system/exit-code.ts'),
  ])
  let stopped: number | undefined
  const atRest = onStopSignals((signal) => {
    stopped ??= codeOfSignal(signal)
  })
  const exitCode = await passThrough(command)
  atRest()
  return stopped ?? exitCode
}

/** Under CI some tools also colour what goes to a file; only FORCE_COLOR asks for that. */
function isPlain({ io, json, isPlain: isAsked }: Session): boolean {
  const isColored = json ? io.color.err : io.color.out
  return isAsked || (!isColored && !io.env.FORCE_COLOR)
}

function refusedEndless(task: Task): UserError {
  return usageError(
    `dev ${task} --watch doesn't end, so it can't end in the one document of --json.`,
    'Leave one out.',
  )
}
