/** Why nothing was written. */
export type RefusalCode =
  | 'NO_ANCHOR'
  | 'AMBIGUOUS'
  | 'NAME_TAKEN'
  | 'NOT_A_LITERAL'
  | 'PARSE_ERROR'
  | 'DRIFT'
  | 'STILL_USED'
  | 'USER_COMMENT'
  | 'NOT_UTF8'
  | 'READ_ONLY'
  | 'GENERATED_FILE'
  | 'CONFLICT_MARKERS'
  | 'FILE_EXISTS'
  | 'BROKEN_RECORD'
  | 'NOT_EMPTY'
  | 'UNIT_DIFFERS'
  | 'MIGRATION_STATE'
  | 'CHANGED_MEANWHILE'
  | 'LOCKED'
  | 'UNFINISHED'
  | 'NOT_A_SERVICE'
  | 'OLD_FASTIFY'

/** One reason to refuse, with the place, the way on and, for an edit, the exact lines to paste. */
export interface Refusal {
  readonly code: RefusalCode
  readonly file?: string
  /** One-based. */
  readonly line?: number
  readonly message: string
  readonly hint?: string
  readonly snippet?: string
  readonly candidates?: readonly string[]
}
