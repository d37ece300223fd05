import { Chalk } from 'chalk'
import { CommanderError } from 'commander'
import { exitCodes, RefusedError, UserError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { Refusal } from '../model/refusal.ts'
import { refusalText } from './refusal-text.ts'

interface ErrorFlags {
  readonly command: string
  readonly json: boolean
  readonly debug: boolean
  readonly color: boolean
}

/** Prints an error in the one place where errors are printed, and gives the exit code. */
export function printError(error: unknown, flags: ErrorFlags, io: Io): number {
  const code = exitCodeOf(error)
  if (flags.json) io.out(`${JSON.stringify(documentOf(error, flags.command, code), null, 2)}\n`)
  // Commander has already printed it, with its own hint.
  else if (!(error instanceof CommanderError)) io.err(textOf(error, flags.color))
  if (flags.debug && error instanceof Error) io.err(`${stackOf(error)}\n`)
  return code
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return exitCodes.usage
  return error instanceof UserError ? error.exitCode : exitCodes.failed
}

function textOf(error: unknown, isColored: boolean): string {
  const colors = new Chalk({ level: isColored ? 1 : 0 })
  if (error instanceof RefusedError) {
    return `${error.refusals.map((refusal) => refusalText(refusal, colors)).join('\n')}${colors.red('Nothing was written.')}\n`
  }
  const message = messageOf(error)
  const hint = error instanceof UserError ? error.hint : 'Run it again with --debug for the stack.'
  return `${colors.red('error')} ${message}\n${hint === undefined ? '' : `${colors.cyan(hint)}\n`}`
}

function documentOf(error: unknown, command: string, code: number) {
  return {
    command,
    outcome: code === exitCodes.refused ? 'refused' : 'failed',
    changes: [],
    refusals: refusalsOf(error),
    warnings: [],
    followUps: [],
    next: [],
  }
}

function refusalsOf(error: unknown): readonly (Refusal | Record<string, unknown>)[] {
  if (error instanceof RefusedError) return error.refusals
  if (error instanceof UserError) {
    return [{ code: error.code, message: error.message, hint: error.hint }]
  }
  const code = error instanceof CommanderError ? 'USAGE' : 'UNEXPECTED'
  return [{ code, message: messageOf(error) }]
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}
