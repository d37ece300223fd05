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
  /** The configuration, read on first use. */
  config(): Config
}

/** 0 for success, 1 for a failure, 2 for an invalid command line. */
export type ExitCode = number

/** Code of an error that ends a command which has already printed what is wrong. */
export const commandFailed = 'command-failed'

/** Ends a command that has printed what it has to say. */
export function exitWith(exitCode: ExitCode): void {
  if (exitCode !== 0) throw new CommanderError(exitCode, commandFailed, '')
}

/** One line of a table: what stands in its columns, by their names. */
export type Row = Record<string, string | number>

/** Rows as aligned text under the names of their columns, or `none` if there are none. */
export function table(rows: readonly Row[], none: string): string {
  const columns = Object.keys(rows[0] ?? {})
  if (columns.length === 0) return `${none}\n`
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  const format = (line: string[]) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')
  return lines.map((line) => `${format(line).trimEnd()}\n`).join('')
}

/** Reads an option: a whole number from 1 to `max`. */
export const upTo = (max: number) => (text: string) => {
  const number = /^\d+$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= max) return number
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
}
