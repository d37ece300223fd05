import type { Mark } from './test-places.ts'

export interface TestOptions {
  /** Relative to the root, with `/`. */
  readonly paths?: readonly string[]
  readonly marks?: readonly Mark[]
  readonly coverage?: boolean
  readonly html?: boolean
  readonly keyword?: string
  readonly failFast?: boolean
  readonly verbose?: boolean
  readonly watch?: boolean
  /** The arguments after `--`, for the tool itself. */
  readonly rest?: readonly string[]
}

/** The report of `--html`, relative to the root. */
export const htmlReport = 'coverage/index.html'

/** Whether only some of the tests run, so that the thresholds of coverage say nothing. */
export function isPart({ paths = [], marks = [], keyword }: TestOptions): boolean {
  return paths.length > 0 || marks.length > 0 || keyword !== undefined
}
