import type { Config, Env } from '../config/index.ts'

/** Where a command writes. */
export interface Io {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
}

/**
 * What a command may use. Commands know no `process`: they also run inside a running server, for a
 * caller on another terminal.
 */
export interface CliContext {
  io: Io
  env: Env
  /** What stands on the standard input, to its end; a secret belongs there and not into `args`. */
  readInput?: () => Promise<string>
  /** The configuration, read when it is first needed. */
  config(): Config
}
