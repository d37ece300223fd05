import type { Fault } from './config-error.ts'
import type { Config, Env } from './index.ts'
import { expectation, fits } from './parse.ts'
import type { Setting } from './settings.ts'

/** What is wrong with the value of a setting, if anything; the value of a secret is not told. */
export function findFault(env: Env, setting: Setting, value: unknown): Fault | undefined {
  const expected = expectation(setting.schema)
  if (value === undefined) return setting.optional ? undefined : absent(setting, expected)
  return fits(setting.schema, value) ? undefined : wrong(env, setting, expected)
}

/** What is missing or wrong because of another setting, if anything; each is right by itself. */
export function findGap(env: Env, config: Config, setting: Setting): Fault | undefined {
  const { section, key, schema } = setting
  const values: Readonly<Record<string, unknown>> = config[section as keyof Config]
  const reason = values[key] === undefined && schema.neededBecause?.(config)
  if (reason) return absent(setting, `${expectation(schema)}, because ${reason}`)
  const [expected, why] = schema.refusedBecause?.(config) ?? []
  return expected ? wrong(env, setting, `${expected}, because ${why}`) : undefined
}

function absent({ env: variable }: Setting, expected: string): Fault {
  return { variable, problem: 'is not set', expected }
}

function wrong(env: Env, { env: variable, secret }: Setting, expected: string): Fault {
  const problem = secret ? 'has a wrong value' : `is ${JSON.stringify(env[variable])}`
  return { variable, problem, expected }
}
