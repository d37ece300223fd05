import type { Command } from '../model/plan.ts'

// A sixth of a second to load, and most commands run no program.
const load = async () => (await import('execa')).execa

export interface Finished {
  readonly exitCode: number
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
  return { exitCode: codeOf(result), stdout: result.stdout, stderr: failureText(result) }
}

/** Runs a program with this terminal as its own and gives its exit code. */
export async function passThrough(command: Command): Promise<number> {
  const execa = await load()
  const child = execa(command.program, command.args, { ...options(command), stdio: 'inherit' })
  // The terminal sends Ctrl-C to the child too: it decides, this process waits for it.
  const wait = () => {}
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal)
  process.on('SIGINT', wait).on('SIGTERM', passOn).on('SIGHUP', passOn)
  try {
    return codeOf(await child)
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', passOn).off('SIGHUP', passOn)
  }
}

/** Runs a program and hands on what it prints, as it comes, to stderr. */
export async function stream(command: Command): Promise<number> {
  const execa = await load()
  const result = await execa(command.program, command.args, {
    ...options(command),
    stdin: 'ignore',
    stdout: process.stderr,
    stderr: process.stderr,
  })
  return codeOf(result)
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

function codeOf(result: Ended): number {
  if (result.exitCode !== undefined) return result.exitCode
  // 128 + n is what shells report for a process that signal n ended; 127 for one that did not start.
  return result.isTerminated ? 128 + (signalNumbers[result.signal ?? ''] ?? 0) : 127
}

function failureText(result: {
  readonly stderr: string
  readonly shortMessage?: string | undefined
  readonly failed: boolean
}): string {
  return result.stderr || (result.failed ? (result.shortMessage ?? '') : '')
}
