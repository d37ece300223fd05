import type { Address, ServerProcess } from '../../system/server-process.ts'

/** What a reloader works with; tests hand in their own. */
export interface Stage {
  /** Makes what the server runs; gives what is wrong with the source, which is nothing after success. */
  compile(signal: AbortSignal): Promise<string | undefined>
  /** Equal for two states of which the same server comes. */
  fingerprint(): string
  start(): ServerProcess
  /** Makes the next start fast, while this server serves and nothing else is to be done. */
  prepare(server: ServerProcess): void
  /** Looks, before a start, whether what was prepared still fits what was compiled. */
  check(): void
  /** Gives up what was prepared: nothing will be started any more. */
  close(): void
  say: Sayings
}

/** What a user hears, each in words of its own. */
export interface Sayings {
  serving(address: Address): void
  reloaded(since: number): void
  /** Open requests take their time. */
  draining(isReload: boolean): void
  broken(problems: string, isServing: boolean): void
  /** The source is again what the server runs. */
  mended(): void
  crashed(code: number): void
}
