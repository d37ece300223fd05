import type { Rendered } from './change.ts'
import type { FollowUp, Plan } from './plan.ts'

export type Outcome = 'planned' | 'applied' | 'present' | 'refused' | 'failed'

/** A follow-up and how it ended. */
export interface FollowUpResult {
  readonly kind: FollowUp['kind']
  readonly done: boolean
  readonly exitCode?: number
  /** Why it was not done. */
  readonly message?: string
  /** The command that does it. */
  readonly repeat?: string
}

/** Everything there is to say about one run. */
export interface Report {
  readonly plan: Plan
  readonly rendered: Rendered
  readonly outcome: Outcome
  readonly followUps: readonly FollowUpResult[]
}

/** Where a run is shown: as text for people, or as one JSON document. */
export interface View {
  /** Before anything is written; `whole` asks for every line that would change. */
  preview(plan: Plan, rendered: Rendered, whole: boolean): Promise<void>
  /** While a follow-up works. */
  progress(line: string): void
  report(report: Report): Promise<void>
}
