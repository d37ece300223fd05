import type { Command as Words } from 'commander'
import type { Facts } from '../../dev/facts.ts'
import type { Task } from '../../dev/tools/tools.ts'
import type { Io } from '../../model/io.ts'
import type { Command } from '../../model/plan.ts'
import type { Session } from '../session.ts'

/** What a command asks of the tool of a task. */
export interface ToolRun {
  readonly task: Task
  /** Whether it goes on until somebody ends it. */
  readonly isEndless?: boolean
  resolve(facts: Facts, session: Session): Command | Promise<Command>
}

/** Where a run of a tool took place, and how it ended. */
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
  if (session.json && run.isEndless) await refuseEndless(run.task)
  const facts = factsOf(project)
  const command = installed(await run.resolve(facts, session))
  const names = { command: `dev ${run.task}`, tool: toolFor(facts, run.task).name }
  const exitCode = await execute(command, names, session, run.isEndless ? untilStopped : runAlone)
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
  const { shellText } = await import('../../options/shell-text.ts')
  const { io, json, debug } = session
  if (debug) io.err(`${shellText([command.program, ...command.args])}\n`)
  const asked = isPlain(session) ? { ...command, env: { ...command.env, NO_COLOR: '1' } } : command
  if (!json) return run(asked)
  const start = io.now().getTime()
  const supervisor = await import('../../system/supervisor.ts')
  const exitCode = await supervisor.runAlone(asked, 'stderr')
  const seconds = (io.now().getTime() - start) / 1000
  io.out(`${JSON.stringify({ ...names, exitCode, seconds }, null, 2)}\n`)
  return exitCode
}

async function runAlone(command: Command): Promise<number> {
  const supervisor = await import('../../system/supervisor.ts')
  return supervisor.runAlone(command)
}

/** A tool that watches may read keys; whatever code it gives, Ctrl-C has cancelled it. */
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

/** Under CI some tools colour what goes to a file too; only who says FORCE_COLOR wants that. */
function isPlain({ io, json, isPlain: isAsked }: Session): boolean {
  const isColored = json ? io.color.err : io.color.out
  return isAsked || (!isColored && !io.env.FORCE_COLOR)
}

async function refuseEndless(task: Task): Promise<never> {
  const { usageError } = await import('../../errors.ts')
  throw usageError(
    `dev ${task} --watch does not end, and --json ends in one document.`,
    'Leave one out.',
  )
}
