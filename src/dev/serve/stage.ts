import type { Address, ServerProcess } from '../../system/server-process.ts'

/** What a reloader works with; tests hand in their own. */
export interface Stage {
  /** Compiles the source; gives the problems, or undefined after success. */
  compile(signal: AbortSignal): Promise<string | undefined>
  /** Equal for two states of which the same server comes. */
  fingerprint(): string
  start(): ServerProcess
  /** Makes the next start fast, while this server serves and nothing else is to be done. */
  prepare(server: ServerProcess): void
  /** Looks, before a start, whether what was prepared still fits what was compiled. */
  check(): void
  /** Discards the prepared process: no server will be started after this. */
  close(): void
  say: ServeMessages
}

/** What a user is told while a service is served. */
export interface ServeMessages {
  serving(address: Address): void
  /** `files` are those whose change caused it, relative to the root. */
  reloaded(since: number, files: readonly string[]): void
  /** Open requests take their time. */
  draining(isReload: boolean): void
  broken(problems: string, isServing: boolean): void
  /** The source is what the server runs again. */
  fixed(): void
  crashed(code: number): void
}
