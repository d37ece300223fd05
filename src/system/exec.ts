import type { Command } from '../model/plan.ts'
import { codeOf } from './exit-code.ts'
import { hasTerminal } from './stop-signals.ts'

// A sixth of a second to load, and most commands run no program.
const load = async () => (await import('execa')).execa

/** How a program ended that was only asked something. */
export interface Finished {
  readonly isFine: boolean
  /** The program itself is not there. */
  readonly isMissing: boolean
  readonly stdout: string
  readonly stderr: string
  /** What went wrong, also where the program itself says nothing of it. */
  readonly failure: string
}

/**
 * Runs a program to its end, or for that long at most, and keeps what it printed. Programs of the
 * project's own come first.
 */
export async function capture(
  command: Command,
  { timeoutMs = 0 }: { readonly timeoutMs?: number } = {},
): Promise<Finished> {
  const execa = await load()
  const result = await execa(command.program, command.args, {
    ...options(command),
    stdin: 'ignore',
    timeout: timeoutMs,
  })
  const stderr = result.timedOut ? `${command.program} took too long` : result.stderr
  return {
    isFine: !result.failed,
    isMissing: result.code === 'ENOENT',
    stdout: result.stdout,
    stderr,
    failure: stderr || (result.failed ? (result.shortMessage ?? '') : ''),
  }
}

/** What to set for a program, and with `undefined` what to take away. */
export type Env = Readonly<Record<string, string | undefined>>

/** Where what a program prints goes: into the result, on to this process's own output, or both. */
export type Output = 'kept' | 'shown' | 'stderr' | 'shown and kept' | 'stderr and kept'

const outputs = {
  kept: ['pipe', 'pipe'],
  shown: ['inherit', 'inherit'],
  stderr: [process.stderr, process.stderr],
  'shown and kept': [
    ['inherit', 'pipe'],
    ['inherit', 'pipe'],
  ],
  'stderr and kept': [
    [process.stderr, 'pipe'],
    [process.stderr, 'pipe'],
  ],
} as const

/**
 * Starts a program in a process group of its own, which only who started it can signal. A terminal
 * stops such a group when it reads, so it gets nothing to read there.
 */
export async function start(command: Command, env: Env, output: Output) {
  const execa = await load()
  const [stdout, stderr] = outputs[output]
  const child = execa(command.program, command.args, {
    ...options(command),
    env: { ...command.env, ...env },
    stdin: output === 'kept' || hasTerminal() ? 'ignore' : 'inherit',
    stdout,
    stderr,
    buffer: false,
    // On Windows this would be a window of its own.
    detached: process.platform !== 'win32',
  })
  // In an object, because a child is a promise of its own end.
  return { child }
}

/**
 * Runs a program with this terminal as its own and gives its exit code. Ctrl-C reaches all that share
 * a terminal. Without one the program leads a group, all of which is told of a signal: a package
 * manager ends for one, and tells what it runs nothing of it.
 */
export async function passThrough(command: Command): Promise<number> {
  const execa = await load()
  const detached = !hasTerminal() && process.platform !== 'win32'
  const child = execa(command.program, command.args, {
    ...options(command),
    stdio: 'inherit',
    detached,
  })
  const passOn = (signal: NodeJS.Signals) =>
    detached ? sendToGroup(child.pid, signal) : child.kill(signal)
  const interrupted = () => detached && passOn('SIGINT')
  return codeOf(await untilEnd(child, { passOn, interrupted }), command)
}

/** False where there is no such group any more; on Windows there are no groups. */
export function sendToGroup(leader: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (leader === undefined) return false
  try {
    return process.kill(process.platform === 'win32' ? leader : -leader, signal)
  } catch {
    return false
  }
}

interface Reactions {
  passOn(signal: NodeJS.Signals): unknown
  interrupted(): unknown
}

/**
 * Waits for a child. The terminal sends Ctrl-C to it too, so it decides and this process waits;
 * signals that a supervisor sends to this process alone are passed on.
 */
async function untilEnd<T>(child: PromiseLike<T>, { passOn, interrupted }: Reactions): Promise<T> {
  process.on('SIGINT', interrupted).on('SIGTERM', passOn).on('SIGHUP', passOn)
  try {
    return await child
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', passOn).off('SIGHUP', passOn)
  }
}

function options(command: Command) {
  return {
    cwd: command.cwd,
    env: command.env ?? {},
    preferLocal: true,
    localDir: command.cwd,
    reject: false,
  } as const
}
