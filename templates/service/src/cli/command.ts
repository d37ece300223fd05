import { CommanderError, InvalidArgumentError } from 'commander'
import type { Config, Env } from '../config/index.ts'

/** Where a command writes. */
export interface Io {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
}

/**
 * What a command may use. Commands don't use `process`, because they also run inside a server, on
 * behalf of a caller in another terminal.
 */
export interface CliContext {
  io: Io
  env: Env
  /** All of standard input. Secrets are passed there, never in `args`. */
  readInput?: () => Promise<string>
  /** Asks a person; only there on a terminal. */
  ask?: (question: string) => Promise<string>
  /** The configuration, read on first use. */
  config(): Config
}

/** 0 for success, 1 for a failure, 2 for an invalid command line. */
export type ExitCode = number

/** Code of an error that ends a command which has already printed what is wrong. */
export const commandFailed = 'command-failed'

/** An action for commander that ends the program with the exit code that `run` returns. */
export function exits<A extends unknown[]>(
  run: (...args: A) => Promise<ExitCode> | ExitCode,
): (...args: A) => Promise<void> {
  return async (...args) => {
    const exitCode = await run(...args)
    if (exitCode !== 0) throw new CommanderError(exitCode, commandFailed, '')
  }
}

/** Reads an option: a whole number from 1 to `max`. */
export const upTo = (max: number) => (text: string) => {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= max) return number
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
}
