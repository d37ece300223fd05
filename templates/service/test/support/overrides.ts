import type { Overrides } from '../../src/app.ts'

/** The parts that tests bring: those that would otherwise reach outside of the process. */
export async function testOverrides(): Promise<Overrides> {
  const overrides: Overrides = {}
  return overrides
}
