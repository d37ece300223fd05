import { expect, test } from 'vitest'
import type { Migration } from '../../../src/db/migration-files.ts'
import { migrationStatus } from '../../../src/db/migration-status.ts'
import { checkReport, statusReport } from '../../../src/db/report.ts'

const appliedAt = '2026-01-01T00:00:00.000Z'

function file(id: string, checksum = 'same'): Migration {
  const script = { file: `${id}.up.sql`, sql: 'SELECT 1', transaction: true }
  return { id, checksum, up: script, down: script }
}

const status = migrationStatus(
  [file('1_a'), file('2_late'), file('3_b', 'other'), file('5_new')],
  ['1_a', '3_b', '4_gone'].map((id) => ({ id, checksum: 'same', appliedAt })),
)

test('compares the files with the history', () => {
  expect(status).toEqual([
    { id: '1_a', state: 'applied', appliedAt, outOfOrder: false },
    { id: '2_late', state: 'pending', appliedAt: null, outOfOrder: true },
    { id: '3_b', state: 'changed', appliedAt, outOfOrder: false },
    { id: '4_gone', state: 'missing', appliedAt, outOfOrder: false },
    { id: '5_new', state: 'pending', appliedAt: null, outOfOrder: false },
  ])
})

test('prints one line a migration', () => {
  expect(statusReport(status).split('\n')).toEqual([
    `applied  1_a  ${appliedAt}`,
    'pending  2_late  older than one that is applied',
    `changed  3_b  ${appliedAt}`,
    `missing  4_gone  ${appliedAt}`,
    'pending  5_new',
  ])
  expect(statusReport([])).toBe('There are no migrations.')
})

test('prints what differs', () => {
  const differences = [
    { object: 'column a.b', models: 'text', migrations: 'integer' },
    { object: 'table c', models: '', migrations: null },
  ]
  expect(checkReport(differences, ['2_late']).split('\n')).toEqual([
    'Models and migrations differ:',
    '  column a.b',
    '    models:     text',
    '    migrations: integer',
    '  table c',
    '    models:     there',
    '    migrations: not there',
    'Write a migration for what the models have, or correct the models.',
    '2_late is pending and older than one that is applied; it will run.',
  ])
  expect(checkReport([], [])).toBe('Models and migrations agree.')
})
