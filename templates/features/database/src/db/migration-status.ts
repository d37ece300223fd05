import type { Migration } from './migration-files.ts'
import type { AppliedMigration } from './migration-history.ts'

/**
 * - `applied`: it ran, and its file is as it was then
 * - `pending`: it has not run yet
 * - `changed`: it ran, and its up file was edited since
 * - `missing`: it ran, and its files are not here (the code of another branch or release)
 */
export type MigrationState = 'applied' | 'pending' | 'changed' | 'missing'

export interface MigrationStatus {
  id: string
  state: MigrationState
  /** ISO 8601, UTC; null while pending. */
  appliedAt: string | null
  /** Pending, and older than one that was applied already. */
  outOfOrder: boolean
}

/** Compares the files with the history; sorted by id, which is the order of the timestamps. */
export function migrationStatus(
  files: Migration[],
  history: AppliedMigration[],
): MigrationStatus[] {
  const applied = new Map(history.map((entry) => [entry.id, entry]))
  const newest = history.reduce((id, entry) => (entry.id > id ? entry.id : id), '')
  const known = files.map(({ id, checksum }): MigrationStatus => {
    const entry = applied.get(id)
    applied.delete(id)
    if (entry === undefined) {
      return { id, state: 'pending', appliedAt: null, outOfOrder: id < newest }
    }
    const state = entry.checksum === checksum ? 'applied' : 'changed'
    return { id, state, appliedAt: entry.appliedAt, outOfOrder: false }
  })
  const missing = [...applied.values()].map(({ id, appliedAt }): MigrationStatus => {
    return { id, state: 'missing', appliedAt, outOfOrder: false }
  })
  return [...known, ...missing].sort((a, b) => (a.id < b.id ? -1 : 1))
}
