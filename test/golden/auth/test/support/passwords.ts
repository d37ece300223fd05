import type { Overrides } from '../../src/app.ts'

/** Hashes that cost next to nothing. */
export const cheap = { logN: 4, r: 8, p: 1 }

/** Lets tests hash passwords without waiting for it. */
export default async function passwords(overrides: Overrides): Promise<void> {
  overrides.passwordCost = cheap
}
