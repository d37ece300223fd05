import { exitCodes, UserError } from '../errors.ts'
import type { Command } from '../model/plan.ts'

// A sixth of a second to load, and most commands run no program.
const load = async () => (await import('execa')).execa

export interface Finished {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end and keeps what it printed. Programs of the project's own come first. */
export async function capture(command: Command): Promise<Finished> {
  const execa = await load()
  const result = await execa(command.program, command.args, {
    ...options(command),
    stdin: 'ignore',
  })
  return { stdout: result.stdout, stderr: failureText(result) }
}

/** Runs a program with this terminal as its own and gives its exit code. */
export async function passThrough(command: Command): Promise<number> {
  const execa = await load()
  const child = execa(command.program, command.args, { ...options(command), stdio: 'inherit' })
  return codeOf(await untilEnd(child, () => {}), command)
}

/** Runs a program and hands on what it prints, as it comes, to stderr. */
export async function stream(command: Command): Promise<number> {
  const execa = await load()
  const child = execa(command.program, command.args, {
    ...options(command),
    stdin: 'ignore',
    stdout: process.stderr,
    stderr: process.stderr,
  })
  let isCancelled = false
  const ended = await untilEnd(child, () => {
    isCancelled = true
  })
  return isCancelled ? exitCodes.cancelled : codeOf(ended, command)
}

interface Child<T> extends PromiseLike<T> {
  kill(signal: NodeJS.Signals): boolean
}

/**
 * Waits for a child. The terminal sends Ctrl-C to it too, so it decides and this process waits;
 * signals that a supervisor sends to this process alone are passed on.
 */
async function untilEnd<T>(child: Child<T>, interrupted: () => void): Promise<T> {
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
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

interface Ended {
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
  readonly isTerminated: boolean
}

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
}

/** The exit code; for a program that a signal ended 128 + its number, as shells have it. */
function codeOf({ exitCode, signal, isTerminated }: Ended, { program }: Command): number {
  if (exitCode !== undefined) return exitCode
  if (isTerminated) return 128 + (signalNumbers[signal ?? ''] ?? 0)
  throw notInstalled(program)
}

export function notInstalled(program: string): UserError {
  return new UserError({
    code: 'NOT_INSTALLED',
    message: `${program} is not installed here.`,
    hint: 'Install the dependencies of the project, for example with npm install.',
  })
}

function failureText(result: {
  readonly stderr: string
  readonly shortMessage?: string | undefined
  readonly failed: boolean
}): string {
  return result.stderr || (result.failed ? (result.shortMessage ?? '') : '')
}
