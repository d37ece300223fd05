import type { Fault } from './config-error.ts'
import type { Env } from './index.ts'
import { expectation, fits } from './parse.ts'
import type { Setting } from './settings.ts'

/** What is wrong with the value of a setting, if anything; the value of a secret is not told. */
export function findFault(env: Env, setting: Setting, value: unknown): Fault | undefined {
  const expected = expectation(setting.schema)
  if (value === undefined) {
    return setting.optional ? undefined : { variable: setting.env, problem: 'is not set', expected }
  }
  if (fits(setting.schema, value)) return undefined
  const problem = setting.secret ? 'has a wrong value' : `is ${JSON.stringify(env[setting.env])}`
  return { variable: setting.env, problem, expected }
}
