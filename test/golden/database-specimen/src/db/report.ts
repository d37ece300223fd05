import type { Difference } from './drift.ts'
import type { MigrationStatus } from './migration-status.ts'

/** One line a migration. */
export function statusReport(migrations: MigrationStatus[]): string {
  if (migrations.length === 0) return 'There are no migrations.'
  const lines = migrations.map(({ id, state, appliedAt, outOfOrder }) => {
    const note = appliedAt ?? (outOfOrder ? 'older than one that is applied' : '')
    return `${state.padEnd(7)}  ${id}  ${note}`.trimEnd()
  })
  return lines.join('\n')
}

/** What differs, object by object, and which migrations come late. */
export function checkReport(differences: Difference[], outOfOrder: string[]): string {
  return [
    ...driftLines(differences),
    ...outOfOrder.map((id) => `${id} is pending and older than one that is applied; it will run.`),
  ].join('\n')
}

function driftLines(differences: Difference[]): string[] {
  if (differences.length === 0) return ['Models and migrations agree.']
  return [
    'Models and migrations differ:',
    ...differences.flatMap(({ object, models, migrations }) => [
      `  ${object}`,
      `    models:     ${words(models)}`,
      `    migrations: ${words(migrations)}`,
    ]),
    'Write a migration for what the models have, or correct the models.',
  ]
}

function words(definition: string | null): string {
  return definition === null ? 'not there' : definition || 'there'
}
