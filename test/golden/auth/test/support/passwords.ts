import type { Overrides } from '../../src/app.ts'
import { passwordCost } from '../../src/auth/passwords.ts'

/** The cost outside of tests. */
export const fullCost = { ...passwordCost }

/** Hashes that cost next to nothing. */
export const cheap = { logN: 4, r: 8, p: 1 }

/** Lets tests hash passwords without waiting for it. */
export default async function passwords(_overrides: Overrides): Promise<void> {
  Object.assign(passwordCost, cheap)
}
