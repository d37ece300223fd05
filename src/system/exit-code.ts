import { constants } from 'node:os'
import type { Command } from '../model/plan.ts'
import { notInstalled, notStarted } from './not-started.ts'

/** The exit code of a process that ended; 128 + the number of a signal, as shells have it. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? codeOfSignal(signal ?? 'SIGKILL')
}

export function codeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

interface Ended {
  readonly exitCode?: number | undefined
  readonly signal?: NodeJS.Signals | undefined
  /** Why it could not be started. */
  readonly code?: string | undefined
}

/** The exit code; for a program that a signal ended 128 + its number, as shells have it. */
export function codeOf({ exitCode, signal, code }: Ended, { program }: Command): number {
  if (exitCode !== undefined) return exitCode
  if (signal !== undefined) return codeOfSignal(signal)
  if (code === undefined || code === 'ENOENT') throw notInstalled(program)
  throw notStarted(program, code)
}
