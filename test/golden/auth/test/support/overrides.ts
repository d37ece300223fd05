import type { Overrides } from '../../src/app.ts'
import database from './database.ts'
import passwords from './passwords.ts'

/** The parts that tests bring: those that would otherwise reach outside of the process. */
export async function testOverrides(): Promise<Overrides> {
  const overrides: Overrides = {}
  await database(overrides)
  await passwords(overrides)
  return overrides
}
