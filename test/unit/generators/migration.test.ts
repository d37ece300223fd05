import { expect, it } from 'vitest'
import { type MigrationInput, migration } from '../../../src/generators/migration.ts'
import { renderFolder } from '../../../src/render/templates.ts'
import { inForeign, inService } from './surroundings.ts'

const input: MigrationInput = { name: 'addNotes' }
const planned = migration.plan(input, inService())

it('is two files with the same stamp', () => {
  expect(planned).toMatchObject({
    head: { kind: 'migration', name: 'add-notes', args: { stamp: '20260102030405' } },
    requires: ['database'],
    wiring: [],
  })
  expect(planned.registrations).toBeUndefined()
  expect(rendered().map(({ path }) => path)).toEqual([
    'migrations/20260102030405_add_notes.down.sql',
    'migrations/20260102030405_add_notes.up.sql',
  ])
})

it('is what the migrator of a service takes: one statement, in a transaction', () => {
  for (const { text } of rendered()) {
    expect(text.replace(/--.*/g, '').trim()).toMatch(/^SELECT 1;?$/)
    expect(text).toContain('`-- migrate: no-transaction`')
    expect(text).not.toMatch(/^-- migrate:/)
  }
})

it('keeps its stamp when it is generated again', () => {
  const names = { migrations: ['20260102030405_add_notes.up.sql'] }
  const later = { ...inService({ units: [planned.head], names }), stamp: '20270101000000' }
  expect(migration.plan({ name: 'add_notes' }, later)).toEqual(planned)
})

it('does not take the name of another migration', () => {
  const surroundings = inService({ names: { migrations: ['20250102030405_add_notes.up.sql'] } })
  expect(() => migration.plan(input, surroundings)).toThrow(
    expect.objectContaining({ code: 'NAME_TAKEN', exitCode: 3 }),
  )
  expect(() => migration.plan({ name: 'notes' }, surroundings)).not.toThrow()
})

it('is for services only', () => {
  expect(() => migration.plan(input, inForeign({}, 'site'))).toThrow(
    expect.objectContaining({
      code: 'NO_ANCHOR',
      exitCode: 3,
      message: expect.stringContaining('.create-service/manifest'),
    }),
  )
})

function rendered() {
  return planned.folders.flatMap((folder) =>
    renderFolder(`generators/migration/${folder}`, planned.data),
  )
}
