/** The process as the program sees it; tests hand in their own. */
export interface Io {
  readonly cwd: string
  readonly env: { readonly [name: string]: string | undefined }
  /** True when questions can be asked: stdin and stdout are terminals, and this is not CI. */
  readonly interactive: boolean
  /** Whether each of the two streams shows colours. */
  readonly color: { readonly out: boolean; readonly err: boolean }
  /** Width of the terminal that stdout is; nothing where it is none. */
  readonly columns?: number | undefined
  /** Width of the terminal that stderr is, if it can be drawn on again and again and this is not CI. */
  readonly liveColumns?: number | undefined
  out(text: string): void
  err(text: string): void
  now(): Date
}
